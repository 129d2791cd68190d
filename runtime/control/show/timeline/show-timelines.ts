import type { Readiness } from '../../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { PlannedCue, Recorder, Shelf, Turning } from '../../ports.ts'
import type { Control } from '../control.ts'
import type { Live } from '../live.ts'
import type { Overlays } from '../overlays.ts'
import type { Program } from '../program.ts'
import type { Shots } from '../shots.ts'
import type { ProgramSounds } from '../sound.ts'
import { findWired } from '../wired-sources.ts'
import { timelineWire } from '../wires.ts'
import { CuePlayer } from './cue-player.ts'
import type { TimelineBody } from './run.ts'
import { Timelines } from './timelines.ts'

interface Parts {
  live: Live
  control: Control
  program: Program
  shots: Shots
  overlays: Overlays
  sound: ProgramSounds
  turning: Turning
  shelf: Shelf<TimelineBody>
  cameras(): { id: string; name: string }[]
  clock: Clock
  record: Recorder
  planned(cue: PlannedCue): void
  removed(actor: string): Promise<void>
  readiness(timeline: string): Readiness | undefined
  touched(): void
}

/** Timelines that run on the programs of a show. */
export function showTimelines(parts: Parts): Timelines {
  const {
    live,
    control,
    program,
    shots,
    overlays,
    sound,
    turning,
    shelf,
    cameras,
    clock,
    record,
    planned,
    removed,
    readiness,
    touched,
  } = parts
  const changeSound: ProgramSounds['change'] = (id, patch, actor) => sound.change(id, patch, actor)
  return new Timelines({
    ...{ shelf, control, clock, record, planned, removed, readiness, touched },
    runs: {
      get all() {
        return live.runs
      },
      keep: (timeline, run) => live.setRun(timeline, run),
    },
    player: new CuePlayer({ program, shots, turning, overlays, changeSound, clock }),
    programOf: timeline => timelineWire(live.wiring, timeline),
    stock: id => ({
      cameras: cameras(),
      preset: (camera, wanted) => turning.preset(camera, wanted),
      hasOverlay: overlay => overlays.has(overlay),
      hasClip: clip => program.ids().includes(id) && findWired(program.wired(id).sources, clip) !== undefined,
    }),
  })
}
