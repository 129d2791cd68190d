import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Switchover } from '../../runtime/engine/outputs/switchover.ts'

const GOP = 30
const frame = (n: number) => Math.round(1_000 + (n * 1_000) / 30)
const packet = (n: number) => Math.round(1_000 + (n * 1_024) / 48)
const tag = (from: string, kind: FlvTag['kind'], timestamp: number, more = {}): FlvTag => ({
  ...{ kind, timestamp, data: Buffer.from(from), keyframe: false, header: false },
  ...more,
})

/** An encoder's tags from a frame on: headers, pictures with a keyframe each second, sound on the common grid. */
function encoder(from: string, first: number, last: number): FlvTag[] {
  const pictures = Array.from({ length: last - first + 1 }, (_, i) =>
    tag(from, 'video', frame(first + i), { keyframe: i % GOP === 0 }),
  )
  const sound = Array.from({ length: 200 }, (_, n) => tag(from, 'audio', packet(n))).filter(
    ({ timestamp }) => timestamp >= frame(first) - 21 && timestamp <= frame(last),
  )
  const headers = [
    tag(from, 'script', 0),
    tag(from, 'video', 0, { header: true }),
    tag(from, 'audio', 0, { header: true }),
  ]
  return [...headers, ...[...pictures, ...sound].sort((a, b) => a.timestamp - b.timestamp)]
}

interface Case {
  /** The new encoder's first frame, and how much later (ms) its tags come than the old one's. */
  first: number
  lag: number
}

function play({ first, lag }: Case) {
  const out: FlvTag[] = []
  let done = false
  const switchover = new Switchover({
    gopMs: 1_000,
    frameMs: 1_000 / 30,
    emit: tag => out.push(tag),
    done: () => (done = true),
  })
  const at = (list: FlvTag[], who: 'old' | 'next', late: number) =>
    list.map(tag => ({ tag, who, at: tag.timestamp + late }))
  const start = frame(first)
  const next = encoder('next', first, 120).map(tag =>
    tag.timestamp === 0 ? { tag, at: start } : { tag, at: tag.timestamp },
  )
  const all = [
    ...at(encoder('old', 0, 120), 'old', 70),
    ...next.map(({ tag, at }) => ({ tag, who: 'next' as const, at: at + 70 + lag })),
  ].sort((a, b) => a.at - b.at)
  for (const { tag, who } of all) {
    if (who === 'next') switchover.next(tag)
    else switchover.old(tag)
  }
  return { out, done }
}

test('every picture and every packet of sound comes once, in order, whichever encoder is ahead', () => {
  fc.assert(
    fc.property(
      fc.record({ first: fc.integer({ min: 5, max: 50 }), lag: fc.integer({ min: -60, max: 400 }) }),
      situation => {
        const { out, done } = play(situation)
        expect(done).toBe(true)
        const media = out.filter(({ header, kind }) => !header && kind !== 'script')
        for (const kind of ['video', 'audio'] as const) {
          const times = media.filter(tag => tag.kind === kind).map(({ timestamp }) => timestamp)
          const all = encoder('old', 0, 120)
            .filter(tag => tag.kind === kind && !tag.header)
            .map(({ timestamp }) => timestamp)
          expect(times).toEqual(all)
          const sources = media.filter(tag => tag.kind === kind).map(({ data }) => String(data))
          expect(sources.join(' ')).toMatch(/^(old )+(next ?)+$/)
        }
      },
    ),
    // Sound a millisecond before the cut, sent just before the cut was known, came twice.
    { numRuns: 200, examples: [[{ first: 9, lag: -1 }]] },
  )
})

test("the new encoder's headers come right before its keyframe, with its time", () => {
  const { out } = play({ first: 20, lag: 0 })
  const at = out.findIndex(tag => tag.kind === 'video' && String(tag.data) === 'next' && !tag.header)
  expect(out[at]?.keyframe).toBe(true)
  const headers = out.slice(at - 3, at)
  expect(headers.map(({ kind, timestamp }) => [kind, timestamp])).toEqual(
    ['script', 'video', 'audio'].map(kind => [kind, out[at]?.timestamp]),
  )
})

test('a new encoder that loses frames at its start takes over at its real keyframe, and nothing is missing', () => {
  const out: FlvTag[] = []
  const switchover = new Switchover({ gopMs: 1_000, frameMs: 1_000 / 30, emit: tag => out.push(tag), done: () => {} })
  const old = encoder('old', 0, 120).filter(({ header, kind }) => !header && kind !== 'script')
  // It counts its own pictures: 20 lost ones after the first make its second keyframe 20 frames late.
  const next = encoder('next', 30, 120).filter(({ kind, header }) => kind === 'video' && !header)
  const late = next.filter((_, n) => n < 3 || n >= 23).map((picture, n) => ({ ...picture, keyframe: n % GOP === 0 }))
  const sound = encoder('next', 30, 120).filter(({ kind, header }) => kind === 'audio' && !header)
  const all = [
    ...old.map(tag => ({ tag, at: tag.timestamp, who: 'old' })),
    ...[...late, ...sound].map(tag => ({ tag, at: tag.timestamp + 5, who: 'next' })),
  ].sort((a, b) => a.at - b.at)
  for (const { tag, who } of all) {
    if (who === 'old') switchover.old(tag)
    else switchover.next(tag)
  }
  const pictures = out.filter(({ kind }) => kind === 'video')
  expect(pictures.map(({ timestamp }) => timestamp)).toEqual(Array.from({ length: 121 }, (_, n) => frame(n)))
  expect(String(pictures.at(-1)?.data)).toBe('next')
})

test('a new encoder that dies before its keyframe leaves the old one on air, from a keyframe on', () => {
  const out: FlvTag[] = []
  const switchover = new Switchover({ gopMs: 1_000, frameMs: 1_000 / 30, emit: tag => out.push(tag), done: () => {} })
  const old = encoder('old', 0, 150).filter(({ kind, header }) => kind === 'video' && !header)
  for (const picture of old.slice(0, 40)) switchover.old(picture)
  // Its keyframe was late, the next one on the grid never comes.
  switchover.next(tag('next', 'video', frame(39), { keyframe: true }))
  for (const picture of old.slice(40)) switchover.old(picture)
  const after = out.slice(out.findIndex(({ timestamp }) => timestamp > frame(69)))
  expect(after[0]?.keyframe).toBe(true)
  expect(after.length).toBeGreaterThan(0)
})

test('an old encoder that is dead does not keep the new one waiting for ever', () => {
  const out: FlvTag[] = []
  const switchover = new Switchover({ gopMs: 1_000, frameMs: 1_000 / 30, emit: tag => out.push(tag), done: () => {} })
  switchover.old(tag('old', 'video', frame(3), { keyframe: true }))
  for (const next of encoder('next', 10, 30)) switchover.next(next)
  expect(out).toHaveLength(1)
  expect(switchover.ready).toBe(true)
  switchover.finish()
  expect(out.filter(({ kind, header }) => kind === 'video' && !header)).toHaveLength(22)
})
