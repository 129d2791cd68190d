import type { Encoder as EncoderSpec } from '../contract/generated/engine.v1.ts'
import { taken } from '../lib/taken.ts'
import type { Relay } from './outputs/relay.ts'

/** Kept after the last viewer left (ms): a page that reloads finds it still running. */
const LINGER = 10_000

/** Pixels of the longer side. */
const SIDE = 640
const PROFILE = { fps: 30, videoBitrate: 800, audioBitrate: 96, keyframeInterval: 1 }

interface Size {
  width: number
  height: number
}

/** As small as is good enough to judge a picture by, in its own shape. Pure. */
export function previewSize({ width, height }: Size): Size {
  const scale = Math.min(1, SIDE / Math.max(width, height))
  const even = (side: number) => Math.max(64, 2 * Math.round((side * scale) / 2))
  return { width: even(width), height: even(height) }
}

interface Running {
  relay: Relay
  stop(): Promise<void>
}

interface Own {
  running: Running
  viewers: number
  ending?: NodeJS.Timeout
}

interface Deps {
  /** Encoders of a program that run anyway. */
  running: (program: string) => { spec: EncoderSpec; relay: Relay }[]
  /** The size of a program's picture; undefined when there is no such program. */
  sizeOf: (program: string) => Size | undefined
  /** Undefined when there is no such program. */
  start: (spec: EncoderSpec) => Running | undefined
}

/**
 * The program for browsers. While an encoder of the show runs, viewers share the smallest one and cost nothing;
 * otherwise a small one is started for the first viewer and ends some seconds after the last.
 */
export class Preview {
  private readonly own = new Map<string, Own>()
  /** Those that are on their way out. */
  private readonly ended = new Map<string, Promise<unknown>>()
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Call `release` when the viewer has gone. Undefined when there is no such program. */
  relayFor(program: string): { relay: Relay; release(): void } | undefined {
    const [shared] = this.deps
      .running(program)
      .sort((a, b) => a.spec.profile.videoBitrate - b.spec.profile.videoBitrate)
    if (shared) return { relay: shared.relay, release: () => {} }
    const own = this.own.get(program) ?? this.open(program)
    if (!own) return undefined
    own.viewers++
    clearTimeout(own.ending)
    return { relay: own.running.relay, release: () => this.leave(program, own) }
  }

  async stop(): Promise<void> {
    const programs = new Set([...this.own.keys(), ...this.ended.keys()])
    await Promise.all([...programs].map(program => this.end(program)))
  }

  /** Its program ends: also one that is ending already reads its ring until then. */
  async end(program: string): Promise<void> {
    const own = taken(this.own, program)
    clearTimeout(own?.ending)
    const ended = Promise.all([this.ended.get(program), own?.running.stop()])
    this.ended.set(program, ended)
    await ended
    if (this.ended.get(program) === ended) this.ended.delete(program)
  }

  private open(program: string): Own | undefined {
    const size = this.deps.sizeOf(program)
    if (!size) return undefined
    const spec = { id: `preview/${program}`, program, bus: 'all', profile: { ...previewSize(size), ...PROFILE } }
    const running = this.deps.start(spec)
    if (!running) return undefined
    const own: Own = { running, viewers: 0 }
    this.own.set(program, own)
    return own
  }

  /** A viewer of a preview that was ended may leave when there is another one already. */
  private leave(program: string, own: Own): void {
    if (--own.viewers > 0 || this.own.get(program) !== own) return
    own.ending = setTimeout(() => void this.end(program), LINGER)
  }
}
