import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  CameraSource,
  DesiredState,
  EngineEvent,
  Profile,
  Program,
  Source,
  Take,
} from '../../runtime/contract/generated/engine.v1.ts'
import { Engine } from '../../runtime/engine/engine.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { toldHardware } from './known-machine.ts'
import { scratch, until } from './run.ts'

const RATES = { videoBitrate: 3_000, audioBitrate: 64, keyframeInterval: 1, preset: 'ultrafast' } as const

/** The engine alone, in the test's own process: shows are told as desired states, and every program is recorded. */
export class EngineStage {
  readonly events: Omit<EngineEvent, 'time'>[] = []
  readonly files = scratch('stage')
  readonly engine: Engine
  desired: DesiredState = { programs: [], sources: [], overlays: [], encoders: [], outputs: [], recordings: [] }
  private takes = 0

  constructor(more: Partial<ConstructorParameters<typeof Engine>[0]> = {}) {
    this.engine = new Engine({
      clock: systemClock,
      log: createLog('test', process.env.TEST_LOG ?? 'fatal'),
      event: event => this.events.push(event),
      changed: () => {},
      hardwareFile: toldHardware(this.files.path),
      ...more,
    })
    this.engine.start()
  }

  path(name: string): string {
    return join(this.files.path, name)
  }

  async end(): Promise<void> {
    await this.engine.stop()
    this.files.remove()
  }

  async show(sources: Source[], programs: Program[]): Promise<void> {
    this.desired = { ...this.desired, sources, programs }
    await this.engine.apply(this.desired)
  }

  /** From here on every frame of every program goes through an encoder into a file. */
  async record(profile: Partial<Profile> = {}): Promise<void> {
    const { programs } = this.desired
    const encoders = programs.map(({ id, picture: { width, height, frameRate } }) => {
      const wanted = { ...RATES, width, height, fps: frameRate.num / frameRate.den, ...profile }
      return { id: `e-${id}`, program: id, bus: 'all', profile: wanted }
    })
    const recordings = programs.map(({ id }) => {
      const folder = this.path(`rec-${id}`)
      mkdirSync(folder, { recursive: true })
      return { id: `r-${id}`, name: id, program: id, encoder: `e-${id}`, folder, reserveBytes: 0 }
    })
    this.desired = { ...this.desired, encoders, recordings }
    await this.engine.apply(this.desired)
    const written = () => this.engine.state().recordings?.every(({ bytes }) => bytes > 0) ?? false
    await until('all recordings run', written, { timeoutMs: 30_000, everyMs: 20 })
  }

  /** Ends the recordings; answers one file for each program. */
  async recorded(): Promise<Record<string, string>> {
    this.desired = { ...this.desired, encoders: [], recordings: [] }
    await this.engine.apply(this.desired)
    return Object.fromEntries(this.desired.programs.map(({ id }) => [id, this.whole(id)]))
  }

  /** A take of one program, or of all. */
  async take(take: Omit<Take, 'id' | 'why'>, only?: string): Promise<void> {
    const id = `take-${++this.takes}`
    const programs = this.desired.programs.map(program =>
      only === undefined || program.id === only ? { ...program, onAir: { why: 'test', ...take, id } } : program,
    )
    await this.show(this.desired.sources, programs)
  }

  /** Every program shows what it was told to show. */
  async sourcesAreOnAir(): Promise<void> {
    const there = () => this.engine.state().programs.every(({ source, wanted }) => source === wanted)
    await until('the sources are on air', there, { timeoutMs: 30_000, everyMs: 20 })
  }

  frames(program: string): number {
    return this.engine.state().programs.find(({ id }) => id === program)?.frames.produced ?? 0
  }

  async produce(program: string, frames: number): Promise<void> {
    const wanted = this.frames(program) + frames
    await until(`${frames} frames of ${program}`, () => this.frames(program) >= wanted, { everyMs: 20 })
  }

  /** Pieces of a recording, which follow each other without a gap, as one. */
  private whole(id: string): string {
    const folder = this.path(`rec-${id}`)
    const file = this.path(`${id}.ts`)
    writeFileSync(file, Buffer.concat(readdirSync(folder).map(piece => readFileSync(join(folder, piece)))))
    return file
  }
}

export const camera = (id: string, url: string, more: Partial<CameraSource> = {}): CameraSource => ({
  ...{ kind: 'camera', id, name: id, url, audio: false, onFrozen: 'flag' },
  ...more,
})

/** `rate`: "30", or "30000/1001". */
export function program(id: string, size: string, rate: string, source: string): Program {
  const [width = 0, height = 0] = size.split('x').map(Number)
  const [num = 0, den = 1] = rate.split('/').map(Number)
  return {
    ...{ id, picture: { width, height, frameRate: { num, den } }, slateAfterMs: 2_000, fallback: ['slate'] },
    ...{ buses: [{ id: 'all', overlays: 'all' }], onAir: { id: 'first', source, why: 'test' } },
  }
}
