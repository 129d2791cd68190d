import type { Hardware, Speed } from '../../contract/generated/engine.v1.ts'
import type { Camera } from '../../contract/generated/openapi.v1.ts'
import { Coalesced } from '../../lib/coalesced.ts'
import type { Log } from '../../lib/log.ts'
import type { NamedPreset, Sql } from '../ports.ts'
import { CONTRACT, SUPPORTED } from './commands.ts'
import type { Telling } from './outbox.ts'

export interface Facts {
  program: { width: number; height: number; fps: number }
  cameras: readonly Camera[]
  presets: readonly NamedPreset[]
  hardware?: Hardware | undefined
  speed?: Speed | undefined
  cache: { quotaBytes: number; usedBytes: number }
}

interface Deps {
  sql: Sql
  clock: { now(): number }
  log: Log
  facts(): Facts
  wanted(): boolean
  tell(telling: Telling): Promise<void>
}

/** A change is told within this time and what the disk needs (ms). */
const SOON = 1_000
/** Room is told in steps of this (bytes), or every file would be news. */
const ROOM_STEP = 64 * 1_048_576
const KEY = 'studio-capabilities'

/** What this box can do, for Studio: said at pairing, and whenever it is something else. */
export class Capabilities {
  private readonly pace = new Coalesced(SOON, () => this.look())
  private told: string | undefined
  private telling = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async start(): Promise<void> {
    const kept = await this.deps.sql.get<{ value: string }>('SELECT value FROM facts WHERE key = ?', KEY)
    this.told = kept?.value
    this.pace.touch()
  }

  /** Another Studio knows nothing yet. */
  async forget(): Promise<void> {
    this.told = undefined
    await this.deps.sql.run('DELETE FROM facts WHERE key = ?', KEY)
  }

  stop(): void {
    this.pace.stop()
  }

  /** Something may have changed. */
  touch(): void {
    if (this.deps.wanted()) this.pace.touch()
  }

  now() {
    return capabilitiesOf(this.deps.facts())
  }

  private look(): void {
    if (this.telling || !this.deps.wanted()) return
    const text = JSON.stringify(this.now())
    if (text === this.told) return
    this.telling = true
    this.tell(text)
      .catch(error => this.deps.log.warn({ err: error }, 'Studio was not told what this box can do'))
      .finally(() => {
        this.telling = false
        this.touch()
      })
  }

  private async tell(text: string): Promise<void> {
    const { sql, clock, tell } = this.deps
    const data = { capabilities: JSON.parse(text) as object }
    await tell({ type: 'vistter.capabilities', time: clock.now(), data })
    await sql.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', KEY, text)
    this.told = text
  }
}

/** Pure. */
function capabilitiesOf({ program, cameras, presets, hardware, speed, cache }: Facts) {
  const free = Math.max(0, cache.quotaBytes - cache.usedBytes)
  return {
    contract: [CONTRACT],
    commands: SUPPORTED,
    ocl: ['1.0'],
    segment: ['1.0'],
    program,
    encoders: [...softwareOf(program, speed), ...hardwareOf(hardware)],
    cameras: cameras.map(({ id, name, state }) => ({
      ...{ id, name, ptz: state.ptz !== undefined },
      presets: presets
        .filter(({ camera }) => camera === id)
        .map(({ id: preset, name: called, shotId }) => ({
          ...{ id: preset, name: called, ...(shotId !== undefined && { shot: shotId }) },
        })),
    })),
    cache: { quotaBytes: cache.quotaBytes, freeBytes: Math.floor(free / ROOM_STEP) * ROOM_STEP },
  }
}

/** Frames a second of the program's size that one core encodes, as measured here. */
function softwareOf({ width, height }: Facts['program'], speed: Speed | undefined) {
  const megapixels = (width * height) / 1e6
  return Object.entries(speed?.encode ?? {}).map(([preset, perSecond]) => ({
    ...{ name: 'libx264', kind: 'software', preset, fps: Math.round(perSecond / megapixels) },
  }))
}

const hardwareOf = (hardware: Hardware | undefined) =>
  (hardware?.encoders ?? []).map(trial => ({ kind: 'hardware', ...trial }))
