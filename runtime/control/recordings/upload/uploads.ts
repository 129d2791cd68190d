import { asVistterError, type VistterError } from '../../../contract/errors.ts'
import type { HttpProxy } from '../../../contract/generated/engine.v1.ts'
import type { RecordingUpload } from '../../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339, sleep } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import type { Recorder, Sql } from '../../ports.ts'
import type { Finished } from './finished.ts'
import { Hindrances } from './hindrances.ts'
import { Ledger } from './ledger.ts'
import { Pace } from './pace.ts'
import { sendRecording } from './send-recording.ts'
import { Sender } from './sender.ts'
import { placeOf, type Target } from './target.ts'
import { isOpen, nextOpening } from './window.ts'

const TICK = 500
/** How soon a closed window or a changed place ends what is under way (ms). */
const LOOK = 250
/** Before anything is set up nothing is sent; the number only keeps the pace defined. */
const NO_RATE = 1_000

interface Deps {
  sql: Sql
  clock: Clock
  log: Pick<Log, 'error'>
  settings(): { target: Target | undefined; proxy: HttpProxy | undefined; timezone: string }
  /** Oldest first. */
  finished(): Finished[]
  /** Deletes a recording here. */
  discard(id: string): Promise<void>
  record: Recorder
  /** What of() says may have changed. */
  touched(): void
}

/**
 * Brings finished recordings to another place, oldest first, for as long as it takes: what was acknowledged is never sent
 * again, and whatever stands in the way is tried again by itself. It reads a little at a time and keeps to a rate, because
 * the show needs machine and uplink more.
 */
export class Uploads {
  private readonly ledger: Ledger
  private readonly hindrances: Hindrances
  private readonly pace: Pace
  private present: string | undefined
  private opensAt: number | undefined
  private place: string | undefined
  private sender: Sender | undefined
  private stopping = new AbortController()
  private loop: Promise<void> = Promise.resolve()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.ledger = new Ledger(deps.sql)
    this.hindrances = new Hindrances(deps.clock)
    this.pace = new Pace(deps.clock, () => deps.settings().target?.maxKbits ?? NO_RATE)
  }

  async start(): Promise<void> {
    await this.follow()
    this.stopping = new AbortController()
    this.loop = this.run(this.stopping.signal)
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.loop
    this.sender?.close()
  }

  /** How far a finished recording is; undefined where uploads are off. */
  of({ id, pieces }: { id: string; pieces: number }): RecordingUpload | undefined {
    if (this.ledger.isWhole(id)) return { status: 'uploaded', sent: pieces, of: pieces }
    if (!this.deps.settings().target) return undefined
    const counts = { sent: Math.min(this.ledger.count(id), pieces), of: pieces }
    if (this.present === id) return { status: 'uploading', ...counts }
    const hindrance = this.hindrances.of(id)
    if (hindrance) return { status: 'failed', ...counts, nextAt: hindrance.nextAt, error: hindrance.error }
    return { status: 'waiting', ...counts, ...(this.opensAt && { nextAt: rfc3339(this.opensAt) }) }
  }

  isUploaded(id: string): boolean {
    return this.ledger.isWhole(id)
  }

  /** The recording is gone. */
  async forget(id: string): Promise<void> {
    this.hindrances.forget(id)
    await this.ledger.forget(id)
  }

  private async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      try {
        await this.round(stopping)
      } catch (error) {
        this.deps.log.error({ err: error }, 'uploads failed')
      }
      await sleep(TICK, stopping)
    }
  }

  private async round(stopping: AbortSignal): Promise<void> {
    await this.follow()
    await this.clear()
    while (this.mayRun() && this.sender) {
      const recording = this.next()
      if (!recording || !(await this.send(recording, this.sender, stopping))) return
    }
  }

  /** Another place, another account, another proxy: everything begins anew with it. */
  private async follow(): Promise<void> {
    const { clock, settings, finished, touched } = this.deps
    const { target, proxy } = settings()
    const place = this.placeNow()
    if (place === this.place) return
    await this.ledger.open(target?.url ?? '', new Set(finished().map(({ id }) => id)))
    this.sender?.close()
    this.sender = target && new Sender(target, proxy, clock, this.pace)
    this.place = place
    this.hindrances.clear()
    touched()
  }

  private placeNow(): string {
    const { target, proxy } = this.deps.settings()
    return target ? JSON.stringify([placeOf(target), proxy]) : ''
  }

  /** Whether a recording may be sent at this moment. */
  private mayRun(): boolean {
    const { clock, settings, touched } = this.deps
    const { target, timezone } = settings()
    const { window } = target ?? {}
    const closed = window && !isOpen(window, timezone, clock.now())
    const opensAt = closed ? nextOpening(window, timezone, clock.now()) : undefined
    if (opensAt !== this.opensAt) {
      this.opensAt = opensAt
      touched()
    }
    return target !== undefined && !closed && this.hindrances.mayTry
  }

  private next(): Finished | undefined {
    return this.deps.finished().find(({ id }) => !this.ledger.isWhole(id) && !this.hindrances.leavesOut(id))
  }

  /** Answers whether the next one may follow at once. */
  private async send(recording: Finished, sender: Sender, stopping: AbortSignal): Promise<boolean> {
    const { clock, finished, touched } = this.deps
    const ending = new AbortController()
    const wanted = () =>
      this.placeNow() === this.place && this.mayRun() && finished().some(({ id }) => id === recording.id)
    const look = setInterval(() => wanted() || ending.abort(), LOOK)
    const signal = AbortSignal.any([stopping, ending.signal])
    this.show(recording.id)
    try {
      const whole = await sendRecording(
        recording,
        { clock, ledger: this.ledger, sender, progress: () => this.goesOn() },
        signal,
      )
      if (whole) this.tell('recording.uploaded', 'info', `Recording ${recording.name} was uploaded.`, recording)
      return whole
    } catch (thrown) {
      if (signal.aborted) return false
      return this.failed(recording, asVistterError(thrown), thrown)
    } finally {
      clearInterval(look)
      this.show(undefined)
      touched()
    }
  }

  private show(recording: string | undefined): void {
    if (this.present === recording) return
    this.present = recording
    this.deps.touched()
  }

  private goesOn(): void {
    if (this.hindrances.over())
      this.deps.record({ type: 'upload.resumed', severity: 'info', message: 'Uploads go on.' })
    this.deps.touched()
  }

  /** Answers whether others may follow: only where this one's files are the trouble. */
  private failed(recording: Finished, error: VistterError, thrown: unknown): boolean {
    if (error.code === 'INTERNAL') this.deps.log.error({ err: thrown }, 'an upload failed')
    const { own, news } = this.hindrances.add(recording.id, error)
    const message = `Recording ${recording.name} could not be uploaded: ${error.message}`
    if (news) this.tell('upload.failed', 'warning', message, recording, error)
    return own
  }

  /** Deletes here what is there, where that is wanted; also what an earlier life could not delete any more. */
  private async clear(): Promise<void> {
    for (const recording of this.deps.finished()) {
      // The settings may have changed meanwhile: what this place has says nothing of the next one.
      if (!this.deps.settings().target?.deleteAfter || this.placeNow() !== this.place) return
      if (!this.ledger.isWhole(recording.id)) continue
      await this.deps.discard(recording.id)
      this.tell(
        'recording.removed',
        'info',
        `Recording ${recording.name} was deleted here after its upload.`,
        recording,
      )
    }
  }

  private tell(
    type: string,
    severity: 'info' | 'warning',
    message: string,
    { id }: Finished,
    error?: VistterError,
  ): void {
    const data = { recording: id, ...(error && { cause: error.code, error: error.fault }) }
    this.deps.record({ type, severity, message, data })
  }
}
