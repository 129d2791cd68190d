import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { reservedBytes, SLACK } from '../../../contract/disk-order.ts'
import { type Fault, fault } from '../../../contract/errors.ts'
import type { Recording as RecordingSpec, RecordingState } from '../../../contract/generated/engine.v1.ts'
import { Backoff } from '../../../lib/backoff.ts'
import { type Clock, within } from '../../../lib/clock.ts'
import { type Room, roomOf } from '../../../lib/disk.ts'
import type { Log } from '../../../lib/log.ts'
import type { Report } from '../../events.ts'
import type { FlvTag } from '../../media/tag.ts'
import { Gate } from '../gate.ts'
import { Intake } from '../intake.ts'
import type { Relay } from '../relay.ts'
import { type Disk, Piece } from './piece.ts'
import { isPiece, pieceName } from './piece-name.ts'
import { TsMux } from './ts-mux.ts'

interface Deps {
  clock: Clock
  log: Pick<Log, 'warn'>
  event: Report
  changed: () => void
  /** The disk where the folder is: tests have their own. */
  room?: (folder: string) => Promise<Room>
  disk?: Disk
}

/** A piece ends at the first keyframe after this long (ms), which keeps it under 10 s for keyframes up to 4 s apart. */
const PIECE_MS = 6_000
/** A disk this far behind (bytes) loses pictures up to the next keyframe. */
const MOST_WAITING = 32 * 1024 * 1024
/** A disk that hangs is not waited for longer (ms): the show's commands wait for a stop. */
const CLOSE = 2_000
const TICK = 1_000
const RETRY = { first: 1_000, max: 30_000, jitter: 0.2, healthyAfter: 60_000 }

/**
 * A program into files, for as long as it is wanted. It takes from a relay like an output, but keeps no queue: bytes go to
 * the system with each picture, so whatever is killed, no more than the present moment is missing. When there is no room
 * or no disk it waits, and goes on by itself as a new piece; nobody else notices.
 */
export class Recording {
  private readonly gate = new Gate()
  private readonly backoff = new Backoff(RETRY)
  private readonly mux = new TsMux()
  private readonly intake = new Intake({
    gate: this.gate,
    take: tag => this.take(tag),
    // A piece holds the pictures of one encoder.
    turned: () => this.endPiece(),
  })
  private piece: Piece | undefined
  private pieceSince = 0
  private begun = 0
  private ready = false
  private bytes = 0
  private pieces = 0
  private error: Fault | undefined
  private told: string | undefined
  /** Why nothing is written: there is no room, or there was a failure, until `retryAt`. */
  private held: 'room' | 'failure' | undefined
  private retryAt = 0
  private ticking = false
  private hangs = false
  private timer: NodeJS.Timeout | undefined
  /** Pieces that are being closed. */
  private readonly closing = new Set<Promise<void>>()
  private spec: RecordingSpec
  private relay: Relay
  private readonly deps: Deps

  constructor(spec: RecordingSpec, relay: Relay, deps: Deps) {
    this.spec = spec
    this.relay = relay
    this.deps = deps
  }

  /** Does not wait for the disk: the rest of the show does not depend on it. */
  start(): void {
    void this.prepare()
    this.timer = setInterval(() => this.tick(), TICK)
    this.intake.start(this.relay, 'gop')
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.intake.stop()
    this.endPiece()
    await within(CLOSE, 'the disk does not answer', Promise.all(this.closing)).catch((error: Error) =>
      this.deps.log.warn({ recording: this.spec.id, detail: error.message }, 'recording not closed'),
    )
  }

  /** Goes on with another encoder from a keyframe that is later than all it has; until then the old one's count. */
  update(spec: RecordingSpec, relay: Relay): void {
    this.spec = spec
    if (relay === this.relay) return
    this.relay = relay
    this.intake.follow(relay)
  }

  state(): RecordingState {
    const { id } = this.spec
    const status = this.error ? 'waiting' : this.piece ? 'recording' : 'starting'
    return { id, status, bytes: this.bytes, pieces: this.pieces, ...(this.error ? { error: this.error } : {}) }
  }

  private take(tag: FlvTag): void {
    if (tag.header || tag.kind === 'script') {
      this.mux.bytes(tag)
      return
    }
    if (!this.ready || this.held) return
    if ((this.piece?.waiting ?? 0) > MOST_WAITING) {
      this.gate.skipPictures()
      return
    }
    if (!this.gate.pass(tag)) return
    if (tag.keyframe && this.pieceDue) this.beginPiece()
    if (this.piece) this.put(this.piece, this.mux.bytes(tag))
  }

  /** A disk that hangs gets no further files: each would wait in a thread that others need. */
  private get pieceDue(): boolean {
    if (!this.piece) return this.closing.size < 2
    return !this.piece.stuck && this.deps.clock.mono() - this.pieceSince >= PIECE_MS
  }

  private beginPiece(): void {
    const { clock, changed, disk } = this.deps
    this.endPiece()
    // Two keyframes never come in one millisecond, but a clock that was set back may name a piece again.
    this.begun = Math.max(clock.now(), this.begun + 1)
    const path = join(this.spec.folder, pieceName(this.begun, this.spec.program))
    const opened = () => this.opened()
    const piece: Piece = new Piece(path, { opened, failed: error => this.failed(error, piece) }, disk)
    this.piece = piece
    this.pieceSince = clock.mono()
    this.put(piece, this.mux.tables())
    changed()
  }

  /** Only now there is a file: a disk may refuse each that is tried. */
  private opened(): void {
    this.pieces++
    if (!this.held) this.recover()
    this.deps.changed()
  }

  private put(piece: Piece, bytes: Buffer | undefined): void {
    if (!bytes) return
    piece.put(bytes)
    this.bytes += bytes.length
  }

  private endPiece(): void {
    const { piece } = this
    this.piece = undefined
    if (!piece) return
    const closed = piece.close().finally(() => this.closing.delete(closed))
    this.closing.add(closed)
  }

  /** Counts what an earlier life left in the folder. */
  private async prepare(): Promise<void> {
    try {
      await mkdir(this.spec.folder, { recursive: true, mode: 0o750 })
      const names = (await readdir(this.spec.folder)).filter(isPiece)
      const sizes = await Promise.all(names.map(name => stat(join(this.spec.folder, name))))
      this.pieces = names.length
      this.bytes = sizes.reduce((sum, { size }) => sum + size, 0)
      this.ready = true
    } catch (error) {
      this.failed(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Never twice at once: on a disk that hangs, each look would keep a thread. */
  private tick(): void {
    this.noticeHang()
    if (this.ticking) return
    this.ticking = true
    void this.look().finally(() => {
      this.ticking = false
    })
  }

  /** A disk that hangs fails nothing; it only does not answer. */
  private noticeHang(): void {
    const hangs = this.piece?.stuck ?? false
    if (hangs === this.hangs) return
    this.hangs = hangs
    if (hangs) this.suffer(fault('RECORDING_FAILED', 'The disk does not answer.'))
    else if (!this.held) this.recover()
    this.deps.changed()
  }

  private async look(): Promise<void> {
    const { clock, changed, room = roomOf } = this.deps
    if (this.held === 'failure' && clock.mono() >= this.retryAt) {
      this.held = undefined
      if (!this.ready) await this.prepare()
    }
    const disk = await room(this.spec.folder).catch(() => undefined)
    const reserve = Math.min(this.spec.reserveBytes, reservedBytes(disk?.size ?? Number.POSITIVE_INFINITY))
    if (disk && disk.free < reserve && !this.held) this.short(disk.free)
    else if (this.held === 'room' && (disk?.free ?? 0) > reserve * SLACK) {
      this.held = undefined
      this.error = undefined
    }
    changed()
  }

  private short(bytes: number): void {
    const megabytes = Math.round(bytes / 1e6)
    this.held = 'room'
    this.pause(fault('STORAGE_LOW', `Only ${megabytes} MB are free on the disk, which the show itself needs.`))
  }

  private failed(error: Error, piece?: Piece): void {
    this.held = 'failure'
    this.bytes -= piece?.waiting ?? 0
    const wait = this.backoff.next(this.piece ? this.deps.clock.mono() - this.pieceSince : 0)
    this.retryAt = this.deps.clock.mono() + wait
    this.deps.log.warn({ recording: this.spec.id, detail: error.message, wait }, 'recording failed')
    const full = 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    this.pause(
      full
        ? fault('STORAGE_LOW', 'The disk is full.')
        : fault('RECORDING_FAILED', `The disk cannot be written to: ${error.message}.`),
    )
  }

  private pause(error: Fault): void {
    this.gate.skipPictures()
    this.endPiece()
    this.suffer(error)
    this.deps.changed()
  }

  private suffer(error: Fault): void {
    this.error = error
    if (this.told !== error.code) this.tell('recording.stopped', 'error', `stopped: ${error.detail}`, error)
    this.told = error.code
  }

  private recover(): void {
    this.error = undefined
    if (this.told) this.tell('recording.resumed', 'info', 'goes on.')
    this.told = undefined
  }

  private tell(type: string, severity: 'info' | 'error', what: string, error?: Fault): void {
    const { id, name, program } = this.spec
    const data = { recording: id, program, ...(error && { cause: error.code, error }) }
    this.deps.event({ type, severity, message: `The recording ${name} ${what}`, data })
  }
}
