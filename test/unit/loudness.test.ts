import { describe, expect, it } from 'vitest'
import { Loudness, SILENCE } from '../../runtime/engine/audio/loudness.ts'
import { run } from '../peers/run.ts'

/** The same sound through FFmpeg's ebur128, which others have checked against the EBU's test signals. */
async function both(source: string, seconds: number) {
  const input = ['-hide_banner', '-nostdin', '-f', 'lavfi', '-i', source, '-t', String(seconds)]
  const pcm = await run('ffmpeg', [...input, '-v', 'error', '-ac', '2', '-ar', '48000', '-f', 's16le', 'pipe:1'])
  const words = await run('sh', [
    '-c',
    'ffmpeg "$@" 2>&1',
    'sh',
    ...input,
    '-ac',
    '2',
    '-af',
    'ebur128=peak=sample',
    '-f',
    'null',
    '-',
  ])
  const text = String(words)
  const summary = text.slice(text.lastIndexOf('Summary:'))
  const last = text.slice(0, text.lastIndexOf('Summary:'))
  const number = (from: string, pattern: RegExp) => Number([...from.matchAll(pattern)].at(-1)?.[1])
  const samples = new Int16Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + (pcm.length & ~3)))
  const loudness = new Loudness()
  // In frames of a program, as the mixer gives them.
  for (let at = 0; at < samples.length / 2; at += 1_601) {
    const pairs = Math.min(1_601, samples.length / 2 - at)
    loudness.add(samples.subarray(2 * at, 2 * (at + pairs)), pairs)
  }
  return {
    ours: loudness.read(),
    theirs: {
      integrated: number(summary, /I:\s+(-?[\d.]+) LUFS/g),
      peak: number(summary, /Peak:\s+(-?[\d.]+) dBFS/g),
      momentary: number(last, /M:\s*(-?[\d.]+)/g),
      shortTerm: number(last, /S:\s*(-?[\d.]+)/g),
    },
  }
}

describe('Loudness', () => {
  it.each([
    ['a 1 kHz tone', 'aevalsrc=0.1*sin(2*PI*1000*t)|0.1*sin(2*PI*1000*t):s=48000', 6],
    ['pink noise', 'anoisesrc=color=pink:amplitude=0.3:seed=7:sample_rate=48000,pan=stereo|c0=c0|c1=c0', 8],
    [
      'loud, then quiet: the gates',
      'aevalsrc=if(lt(t\\,4)\\,0.5\\,0.004)*sin(2*PI*440*t):s=48000,pan=stereo|c0=c0|c1=c0',
      10,
    ],
    ['a low hum', 'aevalsrc=0.3*sin(2*PI*50*t)|0.2*sin(2*PI*60*t):s=48000', 6],
  ])('%s: as FFmpeg measures it', async (_, source, seconds) => {
    const { ours, theirs } = await both(source, seconds)
    expect(Math.abs(ours.integrated - theirs.integrated)).toBeLessThanOrEqual(0.2)
    expect(Math.abs(ours.momentary - theirs.momentary)).toBeLessThanOrEqual(0.3)
    expect(Math.abs(ours.shortTerm - theirs.shortTerm)).toBeLessThanOrEqual(0.3)
    expect(Math.abs(ours.peak - theirs.peak)).toBeLessThanOrEqual(0.2)
  })

  it('silence is the floor, and each reading begins a new peak', () => {
    const loudness = new Loudness()
    loudness.add(new Int16Array(96_000), 48_000)
    expect(loudness.read()).toEqual({ peak: SILENCE, momentary: SILENCE, shortTerm: SILENCE, integrated: SILENCE })
    loudness.add(Int16Array.of(16_384, 0), 1)
    expect(loudness.read().peak).toBe(-6)
    expect(loudness.read().peak).toBe(SILENCE)
  })
})

it('leaves no garbage behind for each sample: the thread that makes the picture would have to clear it away', () => {
  const loudness = new Loudness()
  const samples = new Int16Array(9_600).fill(1_000)
  const second = () => {
    for (let n = 0; n < 10; n++) loudness.add(samples, 4_800)
  }
  for (let n = 0; n < 5; n++) second()
  const before = process.memoryUsage().heapUsed
  second()
  // An object for each of them would be megabytes.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000)
})
