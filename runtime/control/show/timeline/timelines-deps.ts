import type { Readiness } from '../../../contract/generated/openapi.v1.ts'
import type { PlannedCue, Recorder, Shelf, ShowTime } from '../../ports.ts'
import type { AdBreaks } from '../ads/ad-breaks.ts'
import type { Control } from '../control.ts'
import type { MissedCue } from '../make-goods.ts'
import type { CuePlayer } from './cue-player.ts'
import type { CueWay } from './cue-way.ts'
import type { Told } from './diary.ts'
import type { Stock } from './readiness.ts'
import type { Run, TimelineBody } from './run.ts'

/** What timelines are kept and run with. */
export interface TimelinesDeps {
  shelf: Shelf<TimelineBody>
  runs: { readonly all: Record<string, Run>; keep(timeline: string, run: Run | undefined): Promise<void> }
  player: CuePlayer
  way: Pick<CueWay, 'offer'>
  told: (told: Told) => void
  /** The program to which a wire leads from a timeline. */
  programOf(timeline: { id: string; name: string }): string | undefined
  stock(program: string): Stock
  control: Pick<Control, 'ask'>
  clock: ShowTime
  record: Recorder
  planned(cue: PlannedCue): void
  missed(cue: MissedCue): void
  ads: Pick<AdBreaks, 'run'>
  /** One was deleted, by whom. */
  removed?(actor: string): Promise<void>
  /** Throws where its schedules forbid that its cues become these. */
  scheduled?(id: string, body: TimelineBody): Promise<void>
  /** Of one that is about to start. */
  readiness?(timeline: string): Readiness | undefined
  /** What people see of timelines may have changed. */
  touched(): void
}
