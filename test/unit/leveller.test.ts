import { describe, expect, it } from 'vitest'
import { Leveller } from '../../runtime/engine/audio/leveller.ts'
import { CEILING, Limiter } from '../../runtime/engine/audio/limiter.ts'
import { run } from '../peers/run.ts'

const RATE = 48_000
const FRAME = 1_600

/** Integrated loudness and true peak of interleaved samples, as FFmpeg's ebur128 measures them. */
async function judged(samples: Int16Array): Promise<{ loudness: number; peak: number }> {
  const input = ['-hide_banner', '-nostdin', '-f', 's16le', '-ar', String(RATE), '-ac', '2', '-i', 'pipe:0']
  const args = [...input, '-af', 'ebur128=peak=true', '-f', 'null', '-']
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const text = String(await run('sh', ['-c', 'ffmpeg "$@" 2>&1', 'sh', ...args], 30_000, [bytes]))
  const summary = text.slice(text.lastIndexOf('Summary:'))
  const number = (pattern: RegExp) => Number(pattern.exec(summary)?.[1])
  return { loudness: number(/I:\s+(-?[\d.]+) LUFS/), peak: number(/Peak:\s+(-?[\d.]+) dBFS/) }
}

/** What FFmpeg's sound source gives, as the mixer has it. */
async function source(description: string, seconds: number): Promise<Int16Array> {
  const args = ['-v', 'error', '-f', 'lavfi', '-i', description, '-t', String(seconds), '-ac', '2', '-ar', String(RATE)]
  const pcm = await run('ffmpeg', [...args, '-f', 's16le', 'pipe:1'])
  return new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.length & ~3)))
}

/** Through a leveller, frame by frame. */
function levelled(parts: Int16Array[], leveller: Leveller): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  const mix = new Float32Array(FRAME * 2)
  for (at = 0; at + mix.length <= all.length; at += mix.length) {
    mix.set(all.subarray(at, at + mix.length))
    leveller.level(mix, FRAME)
    all.set(mix.map(Math.round), at)
  }
  return all
}

const seconds = (samples: Int16Array, from: number, to: number) =>
  samples.subarray(Math.round(from * RATE) * 2, Math.round(to * RATE) * 2)
const speech = (level: number) =>
  `anoisesrc=color=pink:amplitude=${level}:seed=3:sample_rate=${RATE},volume='0.25+0.75*abs(sin(2*PI*1.3*t))*gt(mod(t\\,4)\\,0.7)':eval=frame`

describe('Leveller', () => {
  it('brings a quiet camera and a loud one to -16 LUFS, each within 5 s of its take, and never above -1 dBFS', async () => {
    const [quiet, loud] = await Promise.all([source(speech(0.07), 12), source(speech(0.9), 12)])
    const leveller = new Leveller()
    leveller.target = -16
    const out = levelled([quiet, loud], leveller)
    const [before, first, second, all] = await Promise.all([
      judged(quiet),
      judged(seconds(out, 5, 12)),
      judged(seconds(out, 17, 24)),
      judged(out),
    ])
    expect(before.loudness).toBeLessThan(-35)
    expect(Math.abs(first.loudness + 16)).toBeLessThanOrEqual(1)
    expect(Math.abs(second.loudness + 16)).toBeLessThanOrEqual(1)
    expect(all.peak).toBeLessThanOrEqual(-0.9)
  }, 30_000)

  it('brings short sounds to -16 LUFS wherever in a block they begin', async () => {
    for (const phase of [0, 0.041, 0.055, 0.095]) {
      const leveller = new Leveller()
      leveller.target = -16
      const beep = `0.05*sin(2*PI*1000*t)*lt(mod(t+${phase}\\,1)\\,0.1)`
      const out = levelled([await source(`aevalsrc=${beep}|${beep}:sample_rate=${RATE}`, 10)], leveller)
      // FFmpeg's blocks begin somewhere, too: the mean of three beginnings.
      const three = await Promise.all([5, 5.03, 5.06].map(from => judged(seconds(out, from, from + 3))))
      expect(Math.abs(three.reduce((sum, { loudness }) => sum + loudness, 0) / 3 + 16)).toBeLessThanOrEqual(0.8)
    }
  }, 30_000)

  it('does not make the pauses louder', async () => {
    const leveller = new Leveller()
    leveller.target = -16
    levelled([await source(speech(0.1), 8)], leveller)
    const { gain } = leveller
    levelled([await source(`anoisesrc=color=pink:amplitude=0.0004:sample_rate=${RATE}`, 10)], leveller)
    expect(Math.abs(leveller.gain - gain)).toBeLessThanOrEqual(1.5)
    expect(gain).toBeGreaterThan(3)
  }, 30_000)

  it('off it changes nothing, and switching it on and off has no step in it', async () => {
    const leveller = new Leveller()
    const tone = await source('aevalsrc=0.1*sin(2*PI*100*t)|0.1*sin(2*PI*100*t):s=48000', 2)
    expect(levelled([tone], leveller)).toEqual(tone)
    const parts = [seconds(tone, 0, 1), seconds(tone, 1, 2)].map(part => Int16Array.from(part))
    const heard: number[] = []
    for (const target of [undefined, -16, undefined]) {
      leveller.target = target
      for (const part of parts)
        for (const [n, value] of levelled([part], leveller).entries()) if (n % 2 === 0) heard.push(value)
    }
    expect(leveller.gain).toBe(0)
    expect(heard.slice(-RATE)).toEqual(heard.slice(0, RATE))
    const bends = heard.slice(2).map((value, n) => Math.abs(value - 2 * heard[n + 1] + heard[n]))
    // -60 dBFS is 33: a step or a corner would stand out of a tone that bends by 2.
    expect(bends.reduce((most, bend) => Math.max(most, bend))).toBeLessThan(33)
  }, 30_000)
})

describe('Limiter', () => {
  it('lets nothing above -1 dBFS, whatever comes, and leaves what is below as it is', () => {
    const limiter = new Limiter()
    const out = { left: 0, right: 0 }
    const quiet: number[] = []
    let seed = 1
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    for (let n = 0; n < 1_000; n++) {
      limiter.step(n, -n, out)
      quiet.push(out.left)
    }
    expect(quiet.slice(239)).toEqual(Array.from({ length: 761 }, (_, n) => n))
    let most = 0
    for (let n = 0; n < 200_000; n++) {
      const loud = random() < 0.01 ? 200_000 : 20_000
      limiter.step((random() - 0.5) * loud, (random() - 0.5) * loud, out)
      most = Math.max(most, Math.abs(out.left), Math.abs(out.right))
    }
    expect(most).toBeLessThanOrEqual(CEILING + 0.01)
    expect(most).toBeGreaterThan(CEILING * 0.9)
  })
})
