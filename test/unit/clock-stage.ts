import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'
import type { DesiredState, EngineState } from '../../runtime/contract/generated/engine.v1.ts'
import type { Camera, Program, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Actor, PlannedCue, Sql } from '../../runtime/control/ports.ts'
import { KeptClock } from '../../runtime/control/show/kept-clock.ts'
import { Show } from '../../runtime/control/show/show.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { RpcServer } from '../../runtime/lib/rpc.ts'
import { scratch } from '../peers/run.ts'
import { showShelves } from '../peers/shelf.ts'

const ACTOR: Actor = { kind: 'user', name: 'anna', role: 'operator' }
const log = createLog('test', 'silent')
const names = ['quay', 'nave']
const planned = names.map(id => ({
  ...({ id, name: id, url: 'rtsp://127.0.0.1:9/x', audio: 'off', onFrozen: 'flag' } as const),
}))

/** What an engine was told to show, by the monotonic clock: it counts by `ahead`, as it was told last. */
export interface Seen {
  what: string
  /** ms */
  at: number
}

/** Control's whole show over an engine that only takes down what it is told, on a machine whose wall clock can be set. */
export class ClockStage {
  readonly seen: Seen[] = []
  readonly planned: PlannedCue[] = []
  /** What the engine was told last. */
  desired: DesiredState | undefined
  wrong = 0
  /** Resolves once the files of an overlay are here. */
  files = async () => {}
  boot = 'first'
  private readonly folder = scratch('clock')
  private readonly facts = new Map<string, string>()
  private readonly told = new Set<string>()
  private engine: RpcServer | undefined
  private house: KeptClock | undefined
  private show: Show | undefined
  private readonly shelves = showShelves()
  private readonly clock = { now: () => Date.now() + this.wrong, mono: () => Math.round(systemClock.mono()) }

  static virtualTime(): void {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'hrtime'] })
  }

  get wall(): number {
    return this.clock.now()
  }

  get mono(): number {
    return this.clock.mono()
  }

  async begin(): Promise<void> {
    await this.startEngine()
    await this.startControl()
    const sources = [{ kind: 'camera', camera: '*' }] as const
    const programs = [{ id: 'main', sources: [...sources], fallback: [] }]
    await this.show?.setWiring({
      programs,
      outputs: [{ destination: '*', program: 'main', overlays: ['*'], profile: 'destination' }],
      timelines: [{ timeline: '*', program: 'main' }],
    })
  }

  async end(): Promise<void> {
    this.stopControl()
    await this.engine?.stop()
    this.folder.remove()
  }

  async engineAgain(): Promise<void> {
    await this.engine?.stop()
    await this.startEngine()
    await this.pass(2_000)
  }

  /** Control is there again after so long (ms). */
  async controlAgain(away = 0): Promise<void> {
    this.stopControl()
    await this.pass(away)
    await this.startControl()
  }

  ask<Body = object>(name: string, params: Record<string, string>, body: object = {}): Promise<Body> {
    const operate = this.show?.operations()[name]
    if (!operate) throw new Error(`there is no operation ${name}`)
    return Promise.resolve(operate({ params, query: {}, body, actor: ACTOR })) as Promise<Body>
  }

  timeline(id: string): Promise<Timeline> {
    return this.ask<Timeline>('getTimeline', { id })
  }

  program(): Promise<Program> {
    return this.ask<Program>('getProgram', {})
  }

  /** In steps small enough that sockets and disks come in between. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 20) {
      await vi.advanceTimersByTimeAsync(Math.min(20, left))
      for (let n = 0; n < 4; n++) await new Promise(resolve => setImmediate(resolve))
    }
  }

  private async startEngine(): Promise<void> {
    const state: EngineState = {
      ...{ pid: 1, startedAt: 0, sources: [], encoders: [], outputs: [], children: [] },
      programs: [],
    }
    const engine = new RpcServer(join(this.folder.path, 'e.sock'), rpc => {
      rpc.onRequest('status', () => state)
      rpc.onRequest('apply', (desired: DesiredState) => {
        state.programs = desired.programs.map(({ id, onAir, override }) => ({
          ...{ id, source: onAir?.source ?? 'slate', wanted: onAir?.source ?? 'slate', overlays: [], fallback: false },
          ...{
            frames: { produced: 0, dropped: 0, repeated: 0 },
            time: 0,
            ...(onAir && { take: onAir.id }),
            ...(override && { override }),
          },
        }))
        this.desired = desired
        this.take(desired)
        return { changes: [] }
      })
    })
    this.engine = engine
    await engine.start()
  }

  private take({ ahead = Number.NaN, programs, overlays }: DesiredState): void {
    for (const { onAir } of programs) {
      if (!onAir || onAir.id.startsWith('wired:') || this.told.has(onAir.id)) continue
      this.told.add(onAir.id)
      this.seen.push({ what: onAir.source, at: Math.max(this.mono, (onAir.at ?? 0) - ahead) })
    }
    for (const { id, playing } of overlays) {
      if (!playing || this.told.has(`${id} ${playing.startedAt}`)) continue
      this.told.add(`${id} ${playing.startedAt}`)
      this.seen.push({ what: id, at: playing.startedAt - ahead })
    }
  }

  private async startControl(): Promise<void> {
    const { shelves, clock } = this
    const house = await KeptClock.load({ sql: this.sql, clock, log }, this.boot)
    const nothing = { list: () => [], planned: () => [] }
    const cameras = {
      list: () => names.map(id => ({ id, name: id, state: { status: 'online' } })) as Camera[],
      planned: () => planned,
    }
    this.house = house
    this.show = new Show({
      ...{ engineSocket: join(this.folder.path, 'e.sock'), shelves, house, clock, log, sql: this.sql, cameras },
      assets: { here: () => ({}), fetch: () => this.files(), coming: () => false, readiness: () => [], look: () => {} },
      settings: { current: settings, proxy: undefined },
      stills: { kept: async () => undefined, now: async () => undefined },
      turning: { preset: () => undefined, standsAt: () => undefined, go: async () => ({ arrived: false, ms: 0 }) },
      viewers: { seenIn: () => [], seen: () => false },
      ...{ destinations: nothing, recordings: nothing, sounds: { kept: () => [] } },
      presets: { names: () => [], outlook: () => ({}) },
      ...{ record: () => {}, heard: () => {}, touched: () => {} },
      proof: () => ({ planned: cue => void this.planned.push(cue), spots: async () => [], latest: [] }),
      ...{ studio: () => undefined, queue: () => undefined, offer: () => false, publish: () => {} },
      makeGoods: { add: () => {} },
    })
    this.show.start()
    await this.pass(400)
  }

  private stopControl(): void {
    this.show?.stop()
    this.house?.stop()
  }

  /** Facts alone are kept. */
  private get sql(): Sql {
    const sql: Sql = {
      all: async () => [],
      get: async <Row>(text: string, ...[key]: unknown[]) => {
        const value = /FROM facts/.test(text) ? this.facts.get(String(key)) : undefined
        return value === undefined ? undefined : ({ value } as Row)
      },
      run: async (text, ...[key, value]) => {
        if (/INTO facts/.test(text)) this.facts.set(String(key), String(value))
        return { changes: 1 }
      },
      transaction: work => work(sql),
    }
    return sql
  }
}

/** A stage for each test, in virtual time. */
export function clockStageForEach(hand: (stage: ClockStage) => void): void {
  let stage: ClockStage
  beforeEach(async () => {
    ClockStage.virtualTime()
    stage = new ClockStage()
    hand(stage)
    await stage.begin()
  })
  afterEach(async () => {
    await stage.end()
    vi.useRealTimers()
  })
}

const settings = {
  ...{ program: { width: 1_920, height: 1_080, fps: 30 }, slateAfterMs: 2_000, locationName: 'Harbour', tokens: {} },
  ...{ locale: 'de', timezone: 'UTC', readinessMs: 0 },
}
