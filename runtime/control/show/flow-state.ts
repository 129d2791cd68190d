import type { FlowState } from '../../contract/flow.ts'
import type { EngineState } from '../../contract/generated/engine.v1.ts'
import type {
  Camera,
  Cue,
  Destination,
  OverlaySummary,
  Override,
  ProgramControl,
  Recording,
} from '../../contract/generated/openapi.v1.ts'
import { Coalesced } from '../../lib/coalesced.ts'
import type { NamedPreset } from '../ports.ts'
import type { TimelineGlimpse } from './timeline/timelines.ts'

const PACE_MS = 250

/** Keeps the flow told about live state: at each change, at most four times a second. */
export class FlowNews {
  private told = ''
  private readonly pace: Coalesced

  constructor(now: () => Views, publish: (state: FlowState) => void) {
    this.pace = new Coalesced(PACE_MS, () => {
      const state = flowState(now())
      const text = JSON.stringify(state)
      if (text === this.told) return
      this.told = text
      publish(state)
    })
  }

  touch(): void {
    this.pace.touch()
  }

  stop(): void {
    this.pace.stop()
  }
}

interface Views {
  engine: EngineState | undefined
  overrides: { of(program: string): Override | null }
  control: { of(program: string): ProgramControl | null }
  program: { nameIn(program: string, source: string): string }
  cameras: Camera[]
  destinations: Destination[]
  overlays: OverlaySummary[]
  data: FlowState['data']
  presets: NamedPreset[]
  recordings: Recording[]
  timelines: TimelineGlimpse[]
  schedules: NonNullable<FlowState['schedules']>
  aired: NonNullable<FlowState['aired']>
  studio: FlowState['studio']
  queue: FlowState['queue']
}

/** Live state as the nodes of the flow show it. Pure. */
function flowState({ engine, overrides, control, program, cameras, destinations, ...rest }: Views): FlowState {
  return {
    engine: engine !== undefined,
    programs: (engine?.programs ?? []).map(({ id, source, fallback }) => ({
      id,
      source: { id: source, name: program.nameIn(id, source), kind: kindOf(source, cameras) },
      fallback,
      ...overrideIn(overrides.of(id)),
      ...controlOf(control.of(id)),
    })),
    cameras: cameras.map(camera => cameraOf(camera, rest.presets)),
    timelines: rest.timelines.map(timeline => timelineOf(timeline)),
    ...(rest.schedules.length > 0 && { schedules: rest.schedules }),
    overlays: rest.overlays.map(({ id, playing }) => ({ id, playing: playing !== null })),
    data: rest.data,
    encoders: (engine?.encoders ?? []).map(({ id, status, error }) => ({
      program: id.split('/')[0] ?? id,
      status,
      ...(error && { error }),
    })),
    destinations: destinations.map(({ id, name, state: { status, videoBitrate, moving, error } }) => ({
      id,
      name,
      status,
      // Pushed at each change: a rate to the tenth of a Mbit/s changes seldom, an exact one at every report.
      videoBitrate: Math.round(videoBitrate / 100) * 100,
      ...(moving && { moving: moving.name }),
      ...(error && { error }),
    })),
    ...(rest.studio && { studio: rest.studio }),
    ...(rest.queue && { queue: rest.queue }),
    ...(rest.aired.length > 0 && { aired: rest.aired }),
    recordings: rest.recordings.flatMap(({ program, name, state: { status, error } }) =>
      status === 'done' ? [] : [{ program, name, status, ...(error && { error }) }],
    ),
  }
}

function timelineOf({ id, name, state, cue }: TimelineGlimpse): FlowState['timelines'][number] {
  const { status, program, round, next, held, readiness } = state
  return {
    ...{ id, name, status },
    ...(program !== undefined && { program }),
    ...(round !== undefined && { round }),
    ...(state.cue && { cue: cueOf(state.cue, cue) }),
    ...(next && { next }),
    ...(readiness && { readiness }),
    ...(held && { held }),
  }
}

function cueOf({ id, moving, since }: NonNullable<TimelineGlimpse['state']['cue']>, cue: Cue | undefined) {
  const { camera, preset } = cue ?? {}
  const where = { ...(camera !== undefined && { camera }), ...(preset !== undefined && { preset }) }
  return { id, moving, ...(since !== undefined && { since }), ...where }
}

function cameraOf({ id, name, state }: Camera, presets: NamedPreset[]): FlowState['cameras'][number] {
  const { status, moving, currentPreset, ptz, error } = state
  const preset = presets.find(each => each.id === currentPreset)
  return {
    ...{ id, name, status, moving },
    ...(preset && { preset: { id: preset.id, name: preset.name } }),
    ...(ptz && { ptz: { reachable: ptz.reachable, ...(ptz.error && { error: ptz.error }) } }),
    ...(error && { error }),
  }
}

function overrideIn(override: Override | null): Pick<FlowState['programs'][number], 'override'> {
  if (!override) return {}
  const { kind, reason, actor } = override
  return { override: { kind, reason, actor } }
}

const controlOf = (control: ProgramControl | null) => (control ? { control } : {})

function kindOf(id: string, cameras: Camera[]): FlowState['programs'][number]['source']['kind'] {
  if (cameras.some(camera => camera.id === id)) return 'camera'
  if (id.startsWith('bars')) return 'bars'
  return id.startsWith('clip-') ? 'clip' : 'slate'
}
