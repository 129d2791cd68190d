import { createHash } from 'node:crypto'
import type { PackedOverlay } from './contents.ts'

/** As long as the appliance's ids of overlays may be. */
const LONGEST = 64

/** What the overlays of a segment are called on the appliance, by the paths of their files: its own, whatever others are called. Pure. */
export function overlayIds(segment: string, files: readonly string[]): Map<string, string> {
  const taken = new Set<string>()
  return new Map(
    files.map(file => {
      const plain = `${segment}.${baseOf(file).replace(/[^A-Za-z0-9_.-]/g, '-')}`
      const id = plain.length > LONGEST || taken.has(plain) ? `${plain.slice(0, LONGEST - 9)}.${markOf(file)}` : plain
      taken.add(id)
      return [file, id]
    }),
  )
}

/** The cues of a timeline, with its package's names of overlays replaced by the appliance's. What is none stays. Pure. */
export function withOverlayIds(timeline: Record<string, unknown>, overlays: readonly PackedOverlay[]) {
  const { cues } = timeline
  if (!Array.isArray(cues)) return timeline
  return { ...timeline, cues: cues.map(cue => (isRecord(cue) ? { ...cue, ...renamed(cue.overlay, overlays) } : cue)) }
}

function renamed(overlay: unknown, overlays: readonly PackedOverlay[]): { overlay?: unknown } {
  if (typeof overlay === 'string') return { overlay: idOf(overlay, overlays) }
  if (!isRecord(overlay)) return {}
  return { overlay: { ...overlay, ...(typeof overlay.id === 'string' && { id: idOf(overlay.id, overlays) }) } }
}

/** By path, then by file name, then by what the document calls itself. */
const idOf = (name: string, overlays: readonly PackedOverlay[]): string =>
  (
    overlays.find(({ file }) => file === name) ??
    overlays.find(({ file }) => baseOf(file) === name || `${baseOf(file)}.json` === name) ??
    overlays.find(({ document }) => document.timeline.id === name)
  )?.id ?? name

const baseOf = (file: string): string => (file.split('/').at(-1) ?? file).replace(/\.json$/i, '')

const markOf = (file: string): string => createHash('sha256').update(file).digest('hex').slice(0, 8)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
