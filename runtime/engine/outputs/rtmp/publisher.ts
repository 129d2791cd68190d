import { once } from 'node:events'
import type { Socket } from 'node:net'
import { VistterError } from '../../../contract/errors.ts'
import { type Clock, sleep } from '../../../lib/clock.ts'
import type { FlvTag } from '../../media/tag.ts'
import type { Connection } from '../connection.ts'
import { type AmfValue, encodeAmf, isAmfObject } from './amf0.ts'
import { dial, unacknowledged } from './dial.ts'
import { dropFault, refusal } from './faults.ts'
import { handshake } from './handshake.ts'
import { TYPE } from './messages.ts'
import { CommandRefused, RtmpSession } from './session.ts'
import type { RtmpTarget } from './url.ts'

/** Each step of connecting may take this long (ms). */
const STEP = 5_000
/** A server that ends the stream this soon (ms) after having accepted it meant no: some check the key only then. */
const CHANGE_OF_MIND = 2_000
/** How long the server gets to hear the goodbye (ms). */
const GOODBYE = 500

const CHUNKS = { audio: 4, script: 5, video: 6 } as const
const TYPES = { audio: TYPE.audio, script: TYPE.data, video: TYPE.video } as const
const SET_DATA_FRAME = encodeAmf('@setDataFrame')

/** How far a publisher has come, in this order; `tls` only where it is spoken. */
export type Stage = 'tcp' | 'tls' | 'handshake' | 'connect' | 'key'

/**
 * Publishes one stream over RTMP or RTMPS. Resolves when the server has accepted it; rejects with the reason
 * (OUTPUT_UNKNOWN_HOST, OUTPUT_UNREACHABLE, OUTPUT_TLS, OUTPUT_KEY_IN_USE, OUTPUT_REFUSED), or when `signal` is aborted.
 */
export async function publishRtmp(
  target: RtmpTarget,
  clock: Clock,
  signal: AbortSignal,
  reached: (stage: Stage) => void = () => {},
): Promise<Connection> {
  const socket = await dial(target, STEP, signal, reached)
  const publisher = new Publisher(target, socket, clock, reached)
  try {
    await publisher.open(signal)
    return publisher
  } catch (error) {
    socket.destroy()
    throw error
  }
}

class Publisher implements Connection {
  readonly stream: Socket
  readonly lost: Promise<VistterError>
  private readonly session: RtmpSession
  private readonly status = Promise.withResolvers<void>()
  private readonly ended = Promise.withResolvers<VistterError>()
  private acceptedAt: number | undefined
  private messageStream = 0
  private readonly target: RtmpTarget
  private readonly clock: Clock
  private readonly reached: (stage: Stage) => void

  constructor(target: RtmpTarget, socket: Socket, clock: Clock, reached: (stage: Stage) => void) {
    this.target = target
    this.stream = socket
    this.clock = clock
    this.reached = reached
    this.lost = this.ended.promise
    this.session = new RtmpSession(socket, (name, args) => this.told(name, args))
    // A refusal may come when nobody waits for one any more.
    this.status.promise.catch(() => {})
  }

  get delivering(): boolean {
    return this.acceptedAt !== undefined
  }

  async open(signal: AbortSignal): Promise<void> {
    const { host, app, key, tcUrl } = this.target
    let failure: NodeJS.ErrnoException | undefined
    this.stream.on('error', error => {
      failure = error
    })
    // What still waits to be sent would only keep a connection half open that the server has ended.
    this.stream.on('end', () => this.stream.destroy())
    this.stream.on('close', () => this.ended.resolve(this.reasonOf(failure)))
    await this.step(signal, 'OUTPUT_UNREACHABLE', `${host} does not answer as an RTMP server does`, within =>
      handshake(this.stream, within),
    )
    this.reached('handshake')
    this.session.start()
    const flashVer = 'FMLE/3.0 (compatible; VistterStream)'
    await this.step(signal, 'OUTPUT_REFUSED', `${host} did not accept the application "${withoutQuery(app)}"`, () =>
      this.session.call('connect', { app, type: 'nonprivate', flashVer, tcUrl }),
    )
    this.reached('connect')
    this.session.send(0, 'releaseStream', null, key)
    this.session.send(0, 'FCPublish', null, key)
    const id = await this.step(signal, 'OUTPUT_REFUSED', `${host} did not make room for a stream`, () =>
      this.session.call('createStream', null),
    )
    this.messageStream = typeof id === 'number' ? id : 1
    await this.step(signal, 'OUTPUT_REFUSED', `${host} closed the connection when it saw the stream key`, () => {
      this.session.send(this.messageStream, 'publish', null, key, 'live')
      return this.status.promise
    })
    this.acceptedAt = this.clock.mono()
    this.reached('key')
  }

  unacknowledged(): number {
    return unacknowledged(this.stream)
  }

  frame(tag: FlvTag): Buffer {
    const { kind, timestamp } = tag
    const data = kind === 'script' ? Buffer.concat([SET_DATA_FRAME, tag.data]) : tag.data
    return this.session.bytesOf(CHUNKS[kind], { type: TYPES[kind], stream: this.messageStream, timestamp, data })
  }

  async close(): Promise<void> {
    if (!this.stream.destroyed) {
      this.session.send(0, 'FCUnpublish', null, this.target.key)
      this.session.send(0, 'deleteStream', null, this.messageStream)
      const closed = once(this.stream, 'close').catch(() => {})
      this.stream.end()
      const waited = new AbortController()
      await Promise.race([closed, sleep(GOODBYE, waited.signal)])
      waited.abort()
    }
    this.stream.destroy()
    this.session.stop()
  }

  /** One bounded step towards publishing; `failed` says in words what its failure means. */
  private async step<T>(
    signal: AbortSignal,
    code: 'OUTPUT_REFUSED' | 'OUTPUT_UNREACHABLE',
    failed: string,
    act: (within: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(STEP)])
    const given = Promise.withResolvers<never>()
    const late = () =>
      given.reject(new VistterError('OUTPUT_UNREACHABLE', `${this.target.host} did not answer in time.`))
    limit.addEventListener('abort', late)
    if (limit.aborted) late()
    void this.lost.then(() => given.reject(new VistterError(code, `${failed}.`)))
    try {
      return await Promise.race([act(limit), given.promise])
    } catch (error) {
      if (error instanceof VistterError) throw error
      if (error instanceof CommandRefused) throw refusal(error.info, this.target.host, this.target.key)
      throw new VistterError(code, `${failed} (${error instanceof Error ? error.message : String(error)}).`)
    } finally {
      limit.removeEventListener('abort', late)
    }
  }

  private told(name: string, args: AmfValue[]): void {
    const info = args.find(isAmfObject)
    if (name !== 'onStatus' || !info) return
    if (info.code === 'NetStream.Publish.Start') this.status.resolve()
    if (info.level !== 'error') return
    const error = refusal(info, this.target.host, this.target.key)
    this.status.reject(error)
    this.ended.resolve(error)
    if (this.delivering) this.stream.destroy()
  }

  private reasonOf(failure: NodeJS.ErrnoException | undefined): VistterError {
    const { host } = this.target
    if (this.acceptedAt !== undefined && this.clock.mono() - this.acceptedAt < CHANGE_OF_MIND)
      return new VistterError('OUTPUT_REFUSED', `${host} accepted the stream and ended it at once.`)
    return dropFault(failure, host)
  }
}

/** What stands behind a question mark may be a token. */
const withoutQuery = (app: string): string => app.replace(/\?.*/s, '')
