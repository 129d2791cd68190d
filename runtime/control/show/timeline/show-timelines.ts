import type { CueOffer } from '../../../contract/cue-offer.ts'
import type { Readiness } from '../../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import type { PlannedCue, Recorder, Shelf, ShowTime, Sql, Turning } from '../../ports.ts'
import type { AdBreaks } from '../ads/ad-breaks.ts'
import type { Control } from '../control.ts'
import type { FirstFrames } from '../first-frames.ts'
import type { Live } from '../live.ts'
import type { MissedCue } from '../make-goods.ts'
import type { Overlays } from '../overlays.ts'
import type { Program } from '../program.ts'
import type { Shots } from '../shots.ts'
import type { ProgramSounds } from '../sound.ts'
import { findWired } from '../wired-sources.ts'
import { timelineWire } from '../wires.ts'
import { CueLog } from './cue-log.ts'
import { CuePlayer } from './cue-player.ts'
import { CueReports } from './cue-report.ts'
import { CueWay } from './cue-way.ts'
import { checkedCue } from './flow-cue.ts'
import type { Stock } from './readiness.ts'
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
  clock: ShowTime
  record: Recorder
  planned(cue: PlannedCue): void
  missed(cue: MissedCue): void
  ads: Pick<AdBreaks, 'run'>
  removed(actor: string): Promise<void>
  scheduled(timeline: string, body: TimelineBody): Promise<void>
  readiness(timeline: string): Readiness | undefined
  touched(): void
  firstFrames: FirstFrames
  sql: Sql
  reads: Pick<Sql, 'all'> | undefined
  log: Log
  /** To the flow; answers whether there is one. */
  offer(offer: CueOffer): boolean
}

/** Timelines that run on the programs of a show, and the way of their cues. */
export function showTimelines(parts: Parts): { timelines: Timelines; way: CueWay; log: CueLog } {
  const { live, program, shots, overlays, sound, turning, shelf, cameras, clock, record } = parts
  const changeSound: ProgramSounds['change'] = (id, patch, actor) => sound.change(id, patch, actor)
  const soundOf = (id: string) => live.sounds[id] ?? {}
  const { planned, missed, ads, removed, scheduled, readiness, touched, control } = parts
  const wire = (timeline: { id: string; name: string }) => timelineWire(live.wiring, timeline)
  const stock = (id: string): Stock => ({
    cameras: cameras(),
    preset: (camera, wanted) => turning.preset(camera, wanted),
    hasOverlay: overlay => overlays.has(overlay),
    hasClip: clip => program.ids().includes(id) && findWired(program.wired(id).sources, clip) !== undefined,
  })
  const told = (at: string) => rfc3339(clock.told(Date.parse(at)))
  const way = new CueWay({
    clock,
    tell: ({ at, until, ...offer }) => parts.offer({ ...offer, at: told(at), until: told(until) }),
    wireOf: timeline => wire(timeline)?.timeline,
    check: (cue, id) => checkedCue(cue, stock(id)),
  })
  const log = new CueLog(parts)
  const reports = new CueReports({ clock, firstFrames: parts.firstFrames, way, note: entry => log.note(entry) })
  const timelines = new Timelines({
    ...{ shelf, control, clock, record, planned, missed, ads, removed, scheduled, readiness, touched, way, stock },
    told: told => void reports.tell(told),
    runs: {
      get all() {
        return live.runs
      },
      keep: (timeline, run) => live.setRun(timeline, run),
    },
    player: new CuePlayer({ program, shots, turning, overlays, changeSound, soundOf, clock }),
    programOf: timeline => wire(timeline)?.program,
  })
  return { timelines, way, log }
}
