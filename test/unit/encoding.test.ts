import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EncoderState, Encoder as Spec } from '../../runtime/contract/generated/engine.v1.ts'
import { Encoders } from '../../runtime/engine/encoders.ts'
import { Encoding } from '../../runtime/engine/encoding.ts'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const spec = (videoBitrate: number): Spec => {
  const profile = { width: 640, height: 360, fps: 30, videoBitrate, audioBitrate: 64, keyframeInterval: 1 }
  return { id: `e-${videoBitrate}`, program: 'main', bus: 'all', profile }
}

/** An encoder that gives what it is told to give. */
class Puppet {
  readonly gopMs = 1_000
  readonly frameMs = 100
  readonly videoBitrate: number
  ended = false
  error: EncoderState['error']
  private letGo = () => {}
  private readonly tag: (tag: FlvTag) => void

  constructor({ profile }: Spec, tag: (tag: FlvTag) => void) {
    this.videoBitrate = profile.videoBitrate
    this.tag = tag
  }

  start(): void {}

  stop(): Promise<void> {
    this.ended = true
    return new Promise(resolve => {
      this.letGo = resolve
    })
  }

  /** It has written its last frame. */
  dies(): void {
    this.letGo()
  }

  state(): EncoderState {
    return { id: 'x', status: 'running', restarts: 0, ...(this.error && { error: this.error }) }
  }

  /** A picture each 100 ms, a keyframe each second, and sound with each. */
  gives(from: number, to: number): void {
    for (let timestamp = from; timestamp < to; timestamp += 100)
      for (const kind of ['video', 'audio'] as const) {
        const keyframe = kind === 'video' && timestamp % 1_000 === 0
        this.tag({ kind, timestamp, keyframe, header: false, data: Buffer.from(String(this.videoBitrate)) })
      }
  }
}

function stream() {
  const made: Puppet[] = []
  const encoding = new Encoding(spec(1_000), (wanted, tag) => {
    const puppet = new Puppet(wanted, tag)
    made.push(puppet)
    return puppet
  })
  const sent: FlvTag[] = []
  encoding.relay.join({ tag: tag => sent.push(tag) }, 'keyframe')
  const pictures = () => sent.filter(({ kind }) => kind === 'video')
  return { encoding, made, pictures }
}

test('a new encoder that never gives anything is ended by the next change, which comes in', () => {
  const { encoding, made, pictures } = stream()
  made[0].gives(0, 500)
  encoding.change(spec(2_000))
  vi.advanceTimersByTime(60_000)
  encoding.change(spec(3_000))
  expect(made.map(({ videoBitrate, ended }) => [videoBitrate, ended])).toEqual([
    [1_000, false],
    [2_000, true],
    [3_000, false],
  ])
  made[2].gives(0, 2_000)
  made[0].gives(500, 2_500)
  expect(pictures().map(({ timestamp }) => timestamp)).toEqual(Array.from({ length: 20 }, (_, n) => n * 100))
  expect(String(pictures().at(-1)?.data)).toBe('3000')
  expect(encoding.state()).toMatchObject({ id: 'e-3000', videoBitrate: 3_000 })
})

test('back to what runs: a new encoder that never gave anything is dropped, and what it failed by is told until then', () => {
  const { encoding, made } = stream()
  encoding.change(spec(2_000))
  made[1].error = { code: 'ENCODER_FAILED', detail: 'It ended.', hint: '' }
  expect(encoding.state()).toMatchObject({ id: 'e-2000', videoBitrate: 1_000, error: { detail: 'It ended.' } })
  vi.advanceTimersByTime(60_000)
  encoding.change(spec(1_000))
  expect(made.map(({ ended }) => ended)).toEqual([false, true])
  expect(encoding.state().error).toBeUndefined()
})

test('one that has begun to give takes over first; when it falls silent instead, the change does not wait for it', () => {
  const { encoding, made } = stream()
  made[0].gives(0, 500)
  encoding.change(spec(2_000))
  made[1].gives(500, 600)
  encoding.change(spec(3_000))
  expect(made).toHaveLength(2)
  vi.advanceTimersByTime(4_500)
  expect(made.map(({ videoBitrate, ended }) => [videoBitrate, ended])).toEqual([
    [1_000, false],
    [2_000, true],
    [3_000, false],
  ])
})

test('after a new encoder that was dropped at its very cut, the stream goes on at a keyframe', () => {
  const { encoding, made, pictures } = stream()
  made[0].gives(0, 500)
  encoding.change(spec(2_000))
  // Its next keyframe would be the cut, and dies before it.
  made[1].gives(0, 800)
  made[0].gives(500, 1_300)
  vi.advanceTimersByTime(60_000)
  encoding.change(spec(1_000))
  made[0].gives(1_300, 2_300)
  expect(pictures().map(({ timestamp }) => timestamp)).toEqual([
    ...Array.from({ length: 10 }, (_, n) => n * 100),
    ...[2_000, 2_100, 2_200],
  ])
})

test('a ring is not given back while an encoder that is on its way out still reads it', async () => {
  const made: Puppet[] = []
  class Staged extends Encoders {
    override make(wanted: Spec): Encoding {
      return new Encoding(wanted, (each, tag) => {
        const puppet = new Puppet(each, tag)
        made.push(puppet)
        return puppet
      })
    }
  }
  const encoders = new Staged({
    ...{ arena: new Arena(), hardware: { encoders: async () => [], known: [] }, speed: undefined, programs: new Map() },
    ...{ clock: systemClock, log: createLog('test', 'silent'), event: () => {}, changed: () => {} },
  })
  await encoders.start('e', spec(1_000))
  encoders.stop('e')
  await vi.advanceTimersByTimeAsync(2_100)
  expect(made[0].ended).toBe(true)
  let free = false
  const ended = encoders.endRetired().then(() => {
    free = true
  })
  await vi.advanceTimersByTimeAsync(100)
  expect(free).toBe(false)
  made[0].dies()
  await ended
})
