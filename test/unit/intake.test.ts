import { expect, test } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Intake } from '../../runtime/engine/outputs/intake.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'

const FRAME = 40
const GOP = 10 * FRAME

/** One of two encoders of the same program: a keyframe each ten pictures from `first` on, a packet of sound with each. */
function encoder(first: number) {
  const relay = new Relay()
  relay.rhythm = { gopMs: GOP, frameMs: FRAME }
  const tag = (kind: FlvTag['kind'], timestamp: number, keyframe = false): FlvTag => ({
    kind,
    timestamp,
    keyframe,
    header: false,
    data: Buffer.from([0x17, 1, 0, 0, 0, 1]),
  })
  return {
    relay,
    give: (timestamp: number) => {
      if (timestamp < first) return
      relay.push(tag('video', timestamp, (timestamp - first) % GOP === 0))
      relay.push(tag('audio', timestamp + 7))
    },
  }
}

/** Pictures that were taken in a show of `seconds` in which the new encoder is `lag` ms behind the old one (or before it). */
function taken(lag: number, from: number) {
  const [old, next] = [encoder(0), encoder(from)]
  const pictures: number[] = []
  const intake = new Intake({
    last: () => pictures.at(-1),
    take: ({ kind, timestamp }) => void (kind === 'video' && pictures.push(timestamp)),
  })
  intake.start(old.relay, 'keyframe')
  for (let now = 0; now < 4_000; now += FRAME) {
    if (now === 1_000) intake.follow(next.relay)
    if (now <= 3_000 || lag < 0) old.give(now)
    if (now >= 1_000) next.give(now - lag)
  }
  return { pictures, left: old.relay.idle }
}

test.each([
  ['behind', 3 * FRAME, 1_000],
  ['a picture behind', FRAME, 1_080],
  ['beside', 0, 1_080],
  ['before', -3 * FRAME, 1_120],
])('from one encoder to another that is %s: every picture once, and the old one is left', (_, lag, from) => {
  const { pictures, left } = taken(lag, from)
  expect(left).toBe(true)
  expect(pictures).toEqual(pictures.map((_, n) => n * FRAME))
  expect(pictures.length).toBeGreaterThan(90)
})
