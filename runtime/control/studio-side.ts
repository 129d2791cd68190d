import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Assets } from './assets/assets.ts'
import type { CameraWork } from './cameras/camera-work.ts'
import type { FlowHost } from './flow/flow-host.ts'
import type { Operations, Recorder, Shelf, Sql } from './ports.ts'
import type { Segments } from './segments/segments.ts'
import type { Settings } from './settings/settings.ts'
import type { Show } from './show/show.ts'
import type { Journals } from './studio/followed.ts'
import type { PairingBody } from './studio/pairing.ts'
import { StudioWork } from './studio/studio-work.ts'

interface Parts {
  sql: Sql
  shelf: Shelf<PairingBody>
  clock: Clock
  log: Log
  record: Recorder
  build: string
  settings: Pick<Settings, 'current' | 'proxy'>
  cameras: Pick<CameraWork['cameras'], 'list'>
  presets: Pick<CameraWork['presets'], 'names' | 'named'>
  assets: Pick<Assets, 'room' | 'announce' | 'fetchFile'>
  segments: Pick<Segments, 'incoming'>
  show: Pick<Show, 'engine' | 'timelines' | 'touch'>
  journals: Journals
  operations(): Operations
  /** Comes after. */
  flow(): Pick<FlowHost, 'hand'>
}

/** What Studio has to do with, out of the parts of the appliance. */
export function studioSide({ settings, cameras, presets, assets, segments, show, flow, ...rest }: Parts): StudioWork {
  return new StudioWork({
    ...rest,
    surroundings: () => ({ proxy: settings.proxy }),
    look: {
      settings: () => settings.current,
      engine: () => show.engine.state,
      cameras: () => cameras.list(),
      presets: () => presets.names(),
      preset: (camera, wanted) => presets.named(camera, wanted),
      cache: () => assets.room.state(),
      timelines: () => show.timelines.glimpses(),
    },
    announce: more => assets.announce(more),
    packages: { folder: segments.incoming, fetch: wanted => assets.fetchFile(wanted) },
    hand: command => flow().hand(command),
    touched: () => show.touch(),
  })
}
