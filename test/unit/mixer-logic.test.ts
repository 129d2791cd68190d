import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RAMP, Voice } from '../../runtime/engine/audio/voice.ts'
import { BLACK, Chooser, type Vital, WARM_WITHIN_MS } from '../../runtime/engine/mixer/choose.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { PLAYOUT_DELAY_MS, Playout } from '../../runtime/engine/mixer/playout.ts'
import { Takes } from '../../runtime/engine/mixer/takes.ts'
import { Passage } from '../../runtime/engine/mixer/transition.ts'

const rates = [
  { num: 30, den: 1 },
  { num: 25, den: 1 },
  { num: 60_000, den: 1_001 },
  { num: 30_000, den: 1_001 },
  { num: 24_000, den: 1_001 },
]

describe('FrameTimes', () => {
  it.each(rates)('$num/$den is exact for a year, and sounds add up to the sample', rate => {
    const times = new FrameTimes(rate)
    const [num, den] = [BigInt(rate.num), BigInt(rate.den)]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 * 86_400 * 366 }), n => {
        expect(times.samplesBefore(n)).toBe(Number((BigInt(n) * 48_000n * den) / num))
        expect(Math.abs(times.usOf(n) - Number((BigInt(n) * 1_000_000n * den) / num))).toBeLessThanOrEqual(1)
        expect(times.frameAt(times.msOf(n))).toBe(n)
        expect(times.frameAt(times.msOf(n) + 0.01)).toBe(n + 1)
      }),
    )
  })
})

const alive = (lastArrival = 0): Vital => ({ alive: true, steady: true, lastArrival })
const fresh: Vital = { alive: true, steady: false, lastArrival: 0 }
const dead = (lastArrival?: number): Vital => ({ alive: false, steady: false, lastArrival })

describe('Chooser', () => {
  const chooser = (wanted?: string, at = 0) => {
    const made = new Chooser(2_000)
    made.chain = ['backup', 'slate']
    if (wanted) made.want(wanted, at)
    return made
  }
  const among = (vitals: Record<string, Vital>) => (id: string) => vitals[id]

  it('is the slate before any take, and black only where there is no slate', () => {
    expect(chooser().step(0, among({}))).toBe(BLACK)
    expect(chooser().step(0, among({ slate: alive() }))).toBe('slate')
  })

  it('shows the slate rather than black also where no wire names it, and that is no failure until the threshold', () => {
    const it = chooser('cam')
    it.chain = []
    expect(it.step(0, among({ slate: alive() }))).toBe('slate')
    expect(it.fallback).toBe(false)
    expect(it.step(2_000, among({ slate: alive(), cam: dead() }))).toBe('slate')
    expect(it.fallback).toBe(true)
  })

  it('keeps the present picture for a source that does not live yet, then falls back, then takes it when it is steady', () => {
    const it = chooser('cam')
    expect(it.step(0, among({ slate: alive(), backup: alive() }))).toBe('slate')
    expect(it.step(1_999, among({ slate: alive() }))).toBe('slate')
    expect(it.fallback).toBe(false)
    expect(it.step(2_000, among({ slate: alive() }))).toBe('slate')
    expect(it.fallback).toBe(true)
    expect(it.step(2_100, among({ slate: alive(), cam: fresh }))).toBe('slate')
    expect(it.step(2_600, among({ slate: alive(), cam: alive() }))).toBe('cam')
    expect(it.fallback).toBe(false)
  })

  it('waits longer for a camera that is being warmed up, but not for ever, nor for the sake of a picture that is gone', () => {
    const warming = { ...dead(), warming: true }
    const taken = () => {
      const it = chooser('old')
      it.step(0, among({ old: alive() }))
      it.want('cam', 1_000)
      return it
    }
    const it = taken()
    for (const now of [1_000, 3_000, 1_000 + WARM_WITHIN_MS - 1])
      expect(it.step(now, among({ old: alive(now), slate: alive(), cam: warming }))).toBe('old')
    expect(it.step(1_000 + WARM_WITHIN_MS, among({ old: alive(), slate: alive(), cam: warming }))).toBe('slate')
    expect(it.fallback).toBe(true)
    const other = taken()
    expect(other.step(3_000, among({ old: alive(), slate: alive(), cam: warming }))).toBe('old')
    expect(other.step(3_033, among({ old: dead(), slate: alive(), cam: warming }))).toBe('slate')
    expect(taken().step(3_000, among({ old: alive(), slate: alive(), cam: dead() }))).toBe('slate')
  })

  it('takes a source at once when its first picture is there', () => {
    const it = chooser('cam')
    it.step(0, among({}))
    expect(it.step(33, among({ cam: fresh }))).toBe('cam')
  })

  it('follows the chain in its order, and without any source holds the last picture until the threshold, then black', () => {
    const it = chooser('cam')
    it.step(0, among({ cam: alive(0) }))
    expect(it.step(2_000, among({ cam: dead(0), backup: alive(), slate: alive() }))).toBe('backup')
    expect(it.step(2_033, among({ cam: dead(0), backup: dead(500), slate: alive() }))).toBe('slate')
    expect(it.step(2_066, among({ cam: dead(0), backup: dead(2_000) }))).toBe(BLACK)
    const other = chooser('cam')
    other.step(0, among({ cam: alive(0) }))
    expect(other.step(1_000, among({ cam: dead(0) }))).toBe('cam')
    expect(other.step(2_000, among({ cam: dead(0) }))).toBe(BLACK)
  })

  it('never airs a dead source while a living one is in the chain longer than the threshold', () => {
    const vital = fc.constantFrom(fresh, alive(), dead(0), dead())
    fc.assert(
      fc.property(fc.array(fc.record({ cam: vital, backup: vital, slate: vital }), { maxLength: 40 }), history => {
        const it = chooser('cam')
        for (const [n, vitals] of history.entries()) {
          const now = n * 1_000
          const shown = it.step(now, among(vitals))
          if (now < 2_000) continue
          const someone = [vitals.cam, vitals.backup, vitals.slate].some(one => one.alive)
          if (someone) expect(vitals[shown as 'cam'].alive).toBe(true)
          if (vitals.cam.steady) expect(shown).toBe('cam')
        }
      }),
    )
  })
})

describe('Playout', () => {
  class Frames {
    layout = { slots: 12 }
    head = 0
    private readonly times: [number, number][] = []
    push(ptsMs: number, arrival: number) {
      this.times[this.head++] = [ptsMs, arrival]
    }
    ptsOf = (n: number) => this.times[n][0] * 1_000
    arrivalOf = (n: number) => this.times[n][1]
    intact = (n: number) => this.head - n >= 1 && this.head - n < 12
  }

  it('evens out jitter: every frame is shown for its time, none twice, none left out', () => {
    const frames = new Frames()
    const playout = new Playout(frames)
    const shown: number[] = []
    let next = 0
    for (let tick = 0; tick < 120; tick++) {
      const now = 1_000 + tick * 40 + 7
      for (; 1_000 + next * 40 + ((next * 29) % 60) <= now; next++)
        frames.push(next * 40, 1_000 + next * 40 + ((next * 29) % 60))
      playout.observe(2_000)
      shown.push(playout.pick(now))
    }
    const steady = shown.slice(20)
    expect(steady.slice(1).map((n, i) => n - steady[i])).toEqual(steady.slice(1).map(() => 1))
    expect(playout.lagMs).toBe(1_000 + PLAYOUT_DELAY_MS)
  })

  it('begins anew when a session begins with other times, and a pause begins a new flow', () => {
    const frames = new Frames()
    const playout = new Playout(frames)
    for (let n = 0; n < 10; n++) frames.push(50_000 + n * 40, 1_000 + n * 40)
    playout.observe(2_000)
    expect(playout.flowingSince).toBe(1_000)
    for (let n = 0; n < 10; n++) frames.push(n * 40, 5_000 + n * 40)
    playout.observe(2_000)
    expect(playout.lagMs).toBe(5_000 + PLAYOUT_DELAY_MS)
    expect(playout.flowingSince).toBe(5_000)
    expect(playout.pick(5_000 + 360 + PLAYOUT_DELAY_MS)).toBe(19)
  })
})

describe('Takes', () => {
  const take = (id: string) => ({ id, source: id, why: 'test' })
  it('acts once for an id, on its frame; a later decision replaces those due at or after its moment', () => {
    const takes = new Takes()
    takes.add(take('a'), 10)
    takes.add(take('b'), 20)
    takes.add(take('a'), 12)
    expect(takes.due(9)).toBeUndefined()
    expect(takes.due(10)?.id).toBe('a')
    takes.add(take('now'), 11)
    expect(takes.due(11)?.id).toBe('now')
    expect(takes.due(99)).toBeUndefined()
  })
})

it('a passage of n frames has n mixed pictures, evenly spaced, then is over', () => {
  const passage = new Passage({ type: 'fade', durationMs: 1_000 }, 4)
  const seen: number[] = []
  for (; !passage.over; passage.advance()) seen.push(passage.progress)
  expect(seen).toEqual([0.2, 0.4, 0.6, 0.8])
  expect(new Passage({ type: 'cut', durationMs: 1_000 }, 30).over).toBe(true)
})

describe('Voice', () => {
  const source = () => ({
    samples: new Int16Array(96_000 * 2).fill(10_000),
    audioHead: 96_000,
    audioStart: 0,
    layout: { audioFrames: 96_000 },
  })

  it('has no step larger than its ramps allow, at start, gap, jump and end', () => {
    const sound = source()
    const voice = new Voice(sound)
    const heard: number[] = []
    const play = (fromUs: number, target: number, head: number) => {
      sound.audioHead = head
      const out = new Float32Array(1_600 * 2)
      voice.add(out, 1_600, fromUs, target, RAMP)
      for (let n = 0; n < 1_600; n++) heard.push(out[2 * n])
    }
    play(200_000, 1, 96_000)
    play(233_333, 1, 96_000)
    play(266_667, 1, 13_500)
    play(300_000, 1, 13_500)
    play(333_333, 1, 96_000)
    play(900_000, 1, 96_000)
    play(933_333, 0, 96_000)
    const steps = heard.slice(1).map((value, n) => Math.abs(value - heard[n]))
    expect(Math.max(...heard)).toBeGreaterThan(9_990)
    expect(heard.at(-1)).toBe(0)
    expect(Math.max(...steps)).toBeLessThanOrEqual((2 * 10_000) / RAMP + 1)
  })

  it('jumps in a tone without a corner: the old place goes on while it fades', () => {
    const sound = source()
    const tone = (n: number) => 10_000 * Math.sin((2 * Math.PI * 1_000 * n) / 48_000)
    for (let n = 0; n < 96_000; n++) sound.samples[2 * n] = Math.round(tone(n))
    const voice = new Voice(sound)
    const heard: number[] = []
    for (const fromUs of [200_000, 233_333, 266_667, 344_440, 377_773]) {
      const out = new Float32Array(3_200)
      voice.add(out, 1_600, fromUs, 1, RAMP)
      for (let n = 0; n < 1_600; n++) heard.push(out[2 * n])
    }
    const bend = (values: number[]) =>
      Math.max(...values.slice(2).map((value, n) => Math.abs(value - 2 * values[n + 1] + values[n])))
    const own = bend(Array.from({ length: 96 }, (_, n) => tone(n)))
    expect(bend(heard.slice(1_600))).toBeLessThan(own * 1.3)
    expect(heard.at(-1)).toBeCloseTo(tone(Math.round(0.344_44 * 48_000) + 3_199), 0)
  })

  it('a voice that faded out and was not asked for a while brings nothing of its old place along', () => {
    const sound = source()
    sound.samples.fill(0, 2 * 40_000)
    const voice = new Voice(sound)
    const play = (fromUs: number, target: number) => {
      const out = new Float32Array(3_200)
      voice.add(out, 1_600, fromUs, target, 960)
      return out
    }
    play(200_000, 1)
    play(233_333, 0)
    expect(voice.gain).toBe(0)
    expect(Math.max(...play(1_200_000, 1))).toBe(0)
  })

  it('a ramp that is longer than a frame goes on in the next one, in one straight line', () => {
    const voice = new Voice(source())
    const heard: number[] = []
    for (let frame = 0; frame < 4; frame++) {
      const out = new Float32Array(400 * 2)
      voice.add(out, 400, 200_000 + frame * 8_333, frame > 0 ? 1 : 0, 960)
      for (let n = 0; n < 400; n++) heard.push(out[2 * n])
    }
    // The edge of the sound itself is over after RAMP; then only the gain is left.
    for (let n = 400 + RAMP; n < 400 + 960; n++) expect(heard[n]).toBeCloseTo((10_000 * (n - 400)) / 960, 0)
    expect(heard[400 + 960]).toBe(10_000)
  })

  it('reads on without a break while the source clock is near, whatever single times jitter', () => {
    const sound = source()
    for (let n = 0; n < 96_000; n++) sound.samples[2 * n] = n % 30_000
    const voice = new Voice(sound)
    voice.gain = 1
    const out = new Float32Array(3_200)
    voice.add(out, 1_600, 500_000, 1, RAMP)
    const last = out[3_198]
    out.fill(0)
    voice.add(out, 1_600, 500_000 + 33_333 + 12_000, 1, RAMP)
    expect(out[0] - last).toBe(1)
  })
})
