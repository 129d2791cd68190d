import type { CueOffer } from '../../contract/cue-offer.ts'
import type { FlowState } from '../../contract/flow.ts'
import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { Camera, Destination, Recording } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { NamedPreset, PlannedCue, PresetOutlook, Recorder, Shelf, SpotFact, Sql, Turning } from '../ports.ts'
import type { CampaignBody } from './ads/campaigns.ts'
import type { DataBody } from './data.ts'
import type { KeptClock } from './kept-clock.ts'
import type { MakeGoods } from './make-goods.ts'
import type { OverlayBody } from './overlay-play.ts'
import type { Overlays } from './overlays.ts'
import type { PlanFacts } from './plan.ts'
import type { ScheduleBody } from './schedule/schedules.ts'
import type { Site } from './schedule/windows.ts'
import type { KeptSound } from './sound.ts'
import type { TimelineBody } from './timeline/run.ts'

/** What a show is made from. */
export interface ShowDeps {
  engineSocket: string
  shelves: {
    live: Shelf<object>
    overlays: Shelf<OverlayBody>
    data: Shelf<DataBody>
    timelines: Shelf<TimelineBody>
    schedules: Shelf<ScheduleBody>
    campaigns: Shelf<CampaignBody>
  }
  /** `look`: what they are needed for has changed. */
  assets: ConstructorParameters<typeof Overlays>[0]['assets'] & { look(): void }
  settings: {
    readonly current: PlanFacts['settings'] & Site & { locale: string; readinessMs: number }
    readonly proxy: PlanFacts['proxy']
  }
  cameras: { list(): Camera[]; planned(): PlanFacts['cameras'] }
  presets: { names(): NamedPreset[]; outlook(preset: string): PresetOutlook }
  turning: Turning
  /** Files with the picture of a preset, and of what a source shows now. */
  stills: { kept(preset: string): Promise<string | undefined>; now(source: string): Promise<string | undefined> }
  /** Who shows a camera, and whether anybody still does. */
  viewers: { seenIn(camera: string): string[]; seen(camera: string): boolean }
  destinations: { list(): Destination[]; planned(): PlanFacts['destinations'] }
  recordings: { list(): Recording[]; planned(): PlanFacts['recordings'] }
  sounds: { kept(): KeptSound[] }
  /** People's, and the world's. */
  clock: Clock
  /** The show's own. */
  house: Pick<KeptClock, 'time' | 'watch' | 'settle'>
  sql: Sql
  /** For what may take long, beside it. */
  reads?: Pick<Sql, 'all'>
  log: Log
  record: Recorder
  heard(event: EngineEvent): void
  /** Takes what was to be shown, and has what was written last of what was. */
  proof(): {
    planned(cue: PlannedCue): void
    spots(from: number, to: number): Promise<SpotFact[]>
    readonly latest: NonNullable<FlowState['aired']>
  }
  /** What the queue of segments has on air. */
  queue(): FlowState['queue']
  /** How the way to Studio is. */
  studio(): FlowState['studio']
  makeGoods: Pick<MakeGoods, 'add'>
  /** Something that people see may have changed. */
  touched(): void
  publish(state: FlowState): void
  /** Offers a cue to the flow; answers whether there is one. */
  offer(offer: CueOffer): boolean
}
