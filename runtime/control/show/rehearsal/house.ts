import type { AssetReadiness, Camera, Destination, Fault } from '../../../contract/generated/openapi.v1.ts'
import type { NamedPreset, PresetOutlook } from '../../ports.ts'

/** What there is at a moment, and how it is: what a show is checked against. */
export interface House {
  cameras: readonly (Pick<Camera, 'id' | 'name'> & { state: Pick<Camera['state'], 'status' | 'error' | 'ptz'> })[]
  /** Without a camera by its id or shot id. */
  preset(camera: string | undefined, wanted: string): NamedPreset | undefined
  outlook(preset: string): PresetOutlook
  /** The id of the preset at which a camera stands. */
  stands(camera: string): string | undefined
  overlay(id: string): { assets: readonly AssetReadiness[] } | undefined
  hasClip(program: string, idOrName: string): boolean
  /** Those that a program's wires feed. */
  destinations(program: string): readonly Pick<Destination, 'id' | 'name' | 'started' | 'state'>[]
  /** Whether a program is being recorded. */
  records(program: string): boolean
}

/** What stands in the way of a show, in words of the house. */
export interface Reason extends Fault {
  /** `error`: viewers miss something. */
  severity: 'error' | 'warning'
  /** JSON pointer into the timeline; empty: all of it. */
  path: string
  cue?: string
}
