import { asVistterError, type ErrorCode } from '../../../contract/errors.ts'
import type { Arrival } from '../../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Recorder } from '../../ports.ts'
import type { Head } from '../ptz/head.ts'
import type { Controller } from '../ptz/lease.ts'
import type { StoredPreset } from './preset.ts'

interface Deps {
  presets(): StoredPreset[]
  head(camera: string): Pick<Head, 'state' | 'go'> | undefined
  /** Throws where the camera is on air or held. */
  go(preset: StoredPreset, by: Controller): Promise<Arrival>
  /** Whether viewers see this camera. */
  onAir(camera: string): boolean
  settings(): { checkPresets: boolean; timezone: string }
  clock: Clock
  record: Recorder
}

const LOOK_MS = 60_000
const WEEK_MS = 7 * 86_400_000
/** Hours of the night at the site in which cameras are moved; from, and up to. */
const NIGHT = [3, 5] as const
/** Everybody else goes before it. */
const BY: Controller = { name: 'the weekly check', rank: 'tour' }
/** Somebody needs the camera: the rest is for another night. */
const NEEDED: ErrorCode[] = ['PTZ_HELD', 'PTZ_ON_AIR', 'PTZ_SUPERSEDED']

/**
 * Presets that nobody has gone to for a week are visited at night, where no viewer sees the camera: what does not work any
 * more is known before the show. The camera is left as it was.
 */
export class Checkups {
  private timer: NodeJS.Timeout | undefined
  private running = false
  /** What was tried in vain, and when: not again in the same night. UTC ms. */
  private readonly failed = new Map<string, number>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  private async look(): Promise<void> {
    const { checkPresets, timezone } = this.deps.settings()
    if (this.running || !checkPresets || !isNight(this.deps.clock.now(), timezone)) return
    const due = this.deps.presets().filter(preset => this.isDue(preset))
    this.running = true
    try {
      for (const camera of new Set(due.map(({ body }) => body.camera)))
        await this.visit(
          camera,
          due.filter(({ body }) => body.camera === camera),
        )
    } finally {
      this.running = false
    }
  }

  private isDue({ id, body }: StoredPreset): boolean {
    const now = this.deps.clock.now()
    const tried = this.failed.get(id) ?? -Infinity
    return now - (body.checkedAt ?? -Infinity) >= WEEK_MS && now - tried >= WEEK_MS / 14
  }

  private async visit(camera: string, presets: StoredPreset[]): Promise<void> {
    const head = this.deps.head(camera)
    const before = head?.state()
    if (!head || !before?.reachable || before.heldBy || before.moving || before.pending) return
    let alone = true
    for (const preset of presets) {
      alone = this.timer !== undefined && !this.deps.onAir(camera) && (await this.check(preset))
      if (!alone) break
    }
    const { position, currentPreset } = before
    // Whoever needed the camera has it now.
    if (!alone || !position) return
    const back = { position, ...(currentPreset && { preset: currentPreset }) }
    await head
      .go(BY, back)
      .then(({ arrival }) => arrival)
      .catch(() => {}) // it is sent where it shall be before it is shown
  }

  /** Whether the camera is still nobody else's. */
  private async check(preset: StoredPreset): Promise<boolean> {
    const { id, body } = preset
    const error = await this.deps.go(preset, BY).then(
      arrival => arrival.error,
      thrown => asVistterError(thrown).fault,
    )
    if (!error) return true
    if (NEEDED.includes(error.code as ErrorCode)) return false
    this.failed.set(id, this.deps.clock.now())
    const message = `The weekly check did not find the preset ${body.name}: ${error.detail}`
    const data = { camera: body.camera, preset: id, code: error.code }
    this.deps.record({ type: 'preset.unverified', severity: 'warning', message, data })
    return true
  }
}

function isNight(now: number, timezone: string): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, hour: '2-digit', hourCycle: 'h23' })
  const hour = Number(format.format(now))
  return hour >= NIGHT[0] && hour < NIGHT[1]
}
