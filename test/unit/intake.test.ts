import { expect, test } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Gate } from '../../runtime/engine/outputs/gate.ts'
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

/** What an intake takes through a gate: the times of its pictures. */
function receiver() {
  const pictures: number[] = []
  const gate = new Gate()
  const take = (tag: FlvTag) => {
    if (gate.pass(tag) && tag.kind === 'video') pictures.push(tag.timestamp)
  }
  return { pictures, intake: new Intake({ gate, take }) }
}

/** Pictures that were taken in a show in which the new encoder is `lag` ms behind the old one (or before it). */
function taken(lag: number, from: number) {
  const [old, next] = [encoder(0), encoder(from)]
  const { pictures, intake } = receiver()
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

test('one that stops following after pictures were left out for it goes on at a keyframe', () => {
  const [old, dead, third] = [encoder(0), encoder(1_040), encoder(9_000)]
  const { pictures, intake } = receiver()
  intake.start(old.relay, 'keyframe')
  for (let now = 0; now < 3_000; now += FRAME) {
    if (now === 1_040) intake.follow(dead.relay)
    old.give(now)
    // Behind the old one, so that the cut is a group later; then it says no more.
    if (now === 1_080) dead.give(1_040)
    if (now === 1_480) intake.follow(third.relay)
  }
  const gaps = pictures.slice(1).filter((time, n) => time - pictures[n] > FRAME)
  expect(gaps).toEqual([1_600])
  expect(pictures.at(-1)).toBe(2_960)
})
