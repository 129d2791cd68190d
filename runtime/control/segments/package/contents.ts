import type { NewTimeline } from '../../../contract/generated/openapi.v1.ts'
import type { SegmentDocument } from '../../../contract/generated/segment.v1.ts'
import type { OclDocument } from '../../../ocl/index.ts'

/** An overlay of a package: as it was sent, and as it is understood here. */
export interface PackedOverlay {
  /** Path in the package. */
  file: string
  /** What it is called on the appliance. */
  id: string
  source: Record<string, unknown>
  document: OclDocument
}

/** Something that people should know of a package that was taken. */
export interface Note {
  file: string
  /** JSON pointer in the file. */
  path: string
  code: 'CREDENTIALS' | 'LEFT_OUT' | 'OLD_FORMAT' | 'OCL'
  message: string
}

/** What a package says, checked. */
export interface Contents {
  segment: SegmentDocument
  timeline: NewTimeline
  overlays: PackedOverlay[]
  /** Checksums of all other files, by their paths. */
  files: ReadonlyMap<string, string>
  signed: boolean
  notes: Note[]
}
