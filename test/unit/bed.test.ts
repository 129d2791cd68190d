import { closeSync, fstatSync, ftruncateSync, openSync, readdirSync, readlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { decodeSound } from '../../runtime/engine/audio/decode.ts'
import { Loop } from '../../runtime/engine/audio/loop.ts'
import { ProgramSound } from '../../runtime/engine/audio/program-sound.ts'
import { mendSeam } from '../../runtime/engine/audio/seam.ts'
import { type Mix, type Part, Sound } from '../../runtime/engine/audio/sound.ts'
import { Voice } from '../../runtime/engine/audio/voice.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, Ring } from '../../runtime/engine/memory/ring.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { run, scratch, until } from '../peers/run.ts'

const RATE = 48_000
const FRAME = 1_600
const files = scratch('bed')
const arena = new Arena()
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end()
})
afterAll(() => files.remove())

/** A clock that stands still unless it is told, so that a bed's ring holds its first two seconds. */
const stopped = { now: () => 1e12, mono: () => 500 }

/** A program's sound without its thread: frame by frame, from `stopped`'s moment on. */
class Player {
  readonly sound = new Sound(arena.memory, FRAME)
  readonly heard: number[] = []
  private readonly out: Ring
  private frame = 0

  constructor() {
    const layout = allocRing(arena, { width: 2, height: 2, slots: 1, audioFrames: FRAME })
    this.out = new Ring(arena.memory, layout)
  }

  play(frames: number, parts: Part[] = [], silent = false): number[] {
    const from = this.heard.length
    for (; frames > 0; frames--) {
      this.sound.render(parts, FRAME, { slow: false, dueUs: 500_000 + (this.frame++ * 1e8) / 3_000, silent })
      this.sound.write(this.out, FRAME)
      for (let n = 0; n < FRAME; n++) this.heard.push(this.out.samples[2 * n])
    }
    return this.heard.slice(from)
  }
}

/** A loop of these values, the same on both sides. */
async function loopOf(values: number[]): Promise<Loop> {
  const fd = openSync(join(files.path, `${Math.random()}.pcm`), 'wx+')
  writeSync(fd, Int16Array.from(values.flatMap(value => [value, value])))
  const loop = await Loop.begin({ fd, pairs: values.length }, arena, stopped, () => {})
  ends.push(() => loop.stop())
  return loop
}

/** A program's sound with a player for its mixer. */
function programSound(memory = arena, mono = stopped.mono) {
  const player = new Player()
  const before = arena.bytesInUse
  const events: string[] = []
  const mixes: Mix[] = []
  const sound = new ProgramSound('main', {
    arena: memory,
    clock: { now: systemClock.now, mono },
    folder: files.path,
    event: ({ type }) => events.push(type),
    log: { error: () => {} },
    changed: () => {},
    publish: async mix => {
      mixes.push(mix)
      if (memory === arena) player.sound.set(mix)
    },
  })
  return { sound, player, mixes, events, before }
}

const bed = (file: string) => ({ bed: { file, gain: 0, mute: false, duck: 0 } })
const isSound = (fd: string) => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).endsWith('.pcm (deleted)')
  } catch {
    return false
  }
}

const bedOf = ({ layout }: Loop, gain = 1, duck = 1): Mix => ({
  mute: false,
  bed: { ring: layout, gain, duck },
  leaving: [],
})
const steps = (heard: number[]) => heard.slice(1).map((value, n) => Math.abs(value - heard[n]))
const most = (values: number[]) => values.reduce((max, value) => Math.max(max, value))
/** A source that plays one level for ever. */
const voiceOf = (level: number): Part => {
  const samples = new Int16Array(2 * 96_000).fill(level)
  const voice = new Voice({ samples, audioHead: 96_000, audioStart: 500_000 - 1e6, layout: { audioFrames: 96_000 } })
  return { voice, sourceUs: 500_000, target: 1 }
}

describe('a bed', () => {
  it('is repeated on the very sample', async () => {
    const values = Array.from({ length: 7_001 }, (_, n) => (n * 37) % 20_011)
    const player = new Player()
    player.sound.set(bedOf(await loopOf(values)))
    const heard = player.play(57)
    // It fades in over half a second; after that it is the file, and nothing else.
    for (let n = 24_000; n < heard.length; n++) expect(heard[n]).toBe(values[n % values.length])
  })

  it('changes gain and mute over 50 ms, and makes room for what is heard', async () => {
    const player = new Player()
    const loop = await loopOf(Array.from({ length: 4_800 }, () => 16_000))
    player.sound.set(bedOf(loop, 1, 0.25))
    expect(player.play(20).at(-1)).toBe(16_000)
    player.sound.set(bedOf(loop, 0.5, 0.25))
    const quieter = player.play(3)
    expect([quieter[1_200], quieter[2_400]]).toEqual([12_000, 8_000])
    const muted = player.play(3, [], true)
    expect(muted[2_400]).toBe(0)
    expect(player.play(3).at(-1)).toBe(8_000)
    const speaker = voiceOf(2_000)
    const ducked = player.play(7, [speaker])
    expect(ducked.at(-1)).toBe(2_000 + 2_000)
    expect(player.play(7, [{ ...speaker, target: 0 }]).at(-1)).toBe(2_000)
    expect(most(steps(player.heard))).toBeLessThanOrEqual(16_000 / 2_400 + 2_000 / 480 + 1)
  })

  it('is decoded on the sample from what keeps its length, and bad files are told', async () => {
    const tone = ['-v', 'error', '-f', 'lavfi', '-i', 'sine=1000:sample_rate=48000:duration=1.5', '-ac', '2']
    const kinds = { wav: [], flac: [], mp3: ['-b:a', '128k'], ogg: ['-c:a', 'libvorbis'], m4a: ['-c:a', 'aac'] }
    for (const [kind, codec] of Object.entries(kinds)) {
      const file = join(files.path, `tone.${kind}`)
      await run('ffmpeg', [...tone, ...codec, file])
      const pcm = await decodeSound(file, files.path)
      if (!('fd' in pcm)) throw new Error(pcm.detail)
      expect(fstatSync(pcm.fd).nlink).toBe(0)
      // AAC is not quite what it was at its ends: where they do not meet any more, they are crossfaded over 20 ms.
      if (kind !== 'm4a' || pcm.pairs !== 72_000 - 960) expect([kind, pcm.pairs]).toEqual([kind, 72_000])
      closeSync(pcm.fd)
    }
    const short = join(files.path, 'short.wav')
    await run('ffmpeg', ['-v', 'error', '-i', join(files.path, 'tone.wav'), '-t', '0.01', short])
    const repeated = await decodeSound(short, files.path)
    if (!('fd' in repeated)) throw new Error(repeated.detail)
    expect(repeated.pairs).toBe(48_000)
    closeSync(repeated.fd)
    for (const bad of ['none.mp3', import.meta.filename])
      expect(await decodeSound(bad, files.path)).toMatchObject({ code: 'SOUND_UNREADABLE' })
    const room = async () => ({ free: 1e9 + 250_000, size: 1e12 })
    const detail = expect.stringContaining('it needs 1 MB of a disk that has 1000 MB left')
    expect(await decodeSound(join(files.path, 'tone.wav'), files.path, room)).toMatchObject({ detail })
  }, 30_000)

  it('another one replaces it by a crossfade, a bad one is told once, and all memory comes back', async () => {
    const [one, two] = [join(files.path, 'one.wav'), join(files.path, 'two.wav')]
    for (const [file, level] of [
      [one, 0.25],
      [two, 0.5],
    ] as const)
      await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `aevalsrc=${level}|${level}:s=48000:d=1`, file])
    const { sound, player, mixes, events, before } = programSound()
    sound.set(bed(one))
    await until('the first plays', () => sound.state?.playing)
    expect(player.play(16).at(-1)).toBe(8_192)
    sound.set(bed(two))
    await until('both are there', () => mixes.at(-1)?.leaving.length === 1)
    const crossfade = player.play(16)
    expect(crossfade.at(-1)).toBe(16_384)
    expect(crossfade[12_000]).toBe(12_288)
    await until('the first is gone', () => mixes.at(-1)?.leaving.length === 0)
    sound.set(bed(join(files.path, 'none.wav')))
    await until('it is told', () => events.length === 1)
    expect(sound.state).toMatchObject({ playing: false, error: { code: 'SOUND_UNREADABLE' } })
    sound.set({})
    expect(sound.state).toBeUndefined()
    await until('nothing is left', () => mixes.at(-1)?.leaving.length === 0 && mixes.at(-1)?.bed === undefined)
    expect(player.play(4).at(-1)).toBe(0)
    sound.stop()
    await until('memory is back', () => arena.bytesInUse <= before + 8_192)
    expect(most(steps(player.heard.slice(0, 32 * FRAME)))).toBeLessThanOrEqual(2)
  }, 30_000)

  it('whose file cannot be read any more fades out and is told, as is one for which there is no memory', async () => {
    const file = join(files.path, 'gone.wav')
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'aevalsrc=0.25|0.25:s=48000:d=1', file])
    let now = 500
    const { sound, mixes, events, before } = programSound(arena, () => now)
    sound.set(bed(file))
    await until('it plays', () => sound.state?.playing)
    for (const fd of readdirSync('/proc/self/fd')) if (isSound(fd)) ftruncateSync(Number(fd), 0)
    now += 1_000
    await until('it is told', () => events.length === 1)
    expect(sound.state).toMatchObject({ playing: false, error: { code: 'SOUND_UNREADABLE' } })
    await until('it is gone', () => mixes.at(-1)?.bed === undefined && mixes.at(-1)?.leaving.length === 0)
    sound.stop()
    await until('memory is back', () => arena.bytesInUse === before)
    const full = programSound(new Arena(2 ** 31 - 128))
    full.sound.set(bed(file))
    await until('it is told as well', () => full.events.length === 1)
    expect(full.sound.state?.error?.detail).toContain('memory is full')
    full.sound.stop()
    await until('no file is left', () => !readdirSync('/proc/self/fd').some(isSound))
  }, 30_000)
})

describe('a bed that could not be read', () => {
  it('is told once, tried again, and plays once it can be', async () => {
    const file = join(files.path, 'late.wav')
    const { sound, mixes, events } = programSound()
    sound.set(bed(file))
    await until('it is told', () => events.length === 1)
    expect(sound.state).toMatchObject({ playing: false, error: { code: 'SOUND_UNREADABLE' } })
    await run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'aevalsrc=0.25|0.25:s=48000:d=1', file])
    await until('it plays', () => sound.state?.playing && mixes.at(-1)?.bed)
    expect(sound.state).toEqual({ playing: true })
    expect(events).toEqual(['bed.failed'])
    sound.stop()
  }, 30_000)
})

describe('the seam of a loop', () => {
  const tone = (pairs: number, hertz: number) =>
    Int16Array.from({ length: pairs * 2 }, (_, n) =>
      Math.round(12_000 * Math.sin((2 * Math.PI * hertz * (n >> 1)) / RATE)),
    )
  /** The loop's end and beginning, one after the other: one side. */
  const across = (head: Int16Array, tail: Int16Array) => [...tail, ...head].filter((_, n) => n % 2 === 0)
  const bends = (heard: number[]) => heard.slice(2).map((value, n) => Math.abs(value - 2 * heard[n + 1] + heard[n]))

  it('is left as it is where the ends meet', () => {
    const loop = tone(4_800, 440)
    const head = loop.slice(0, 960)
    expect(mendSeam(head, loop.slice(-960))).toBe(false)
    expect(head).toEqual(loop.slice(0, 960))
  })

  it('is bent where they do not: no click of -60 dBFS is left', () => {
    const loop = tone(4_827, 440)
    const [head, tail] = [loop.slice(0, 960), loop.slice(-960)]
    expect(most(bends(across(head, tail)))).toBeGreaterThan(2_000)
    expect(mendSeam(head, tail)).toBe(true)
    const before = loop.slice(-2 * 960, -960)
    expect(most(bends(across(head, before)))).toBeLessThan(1.5 * most(bends(across(loop, new Int16Array()))))
    expect(most(bends(across(loop.slice(960, 1_920), head)))).toBeLessThan(33 + 40)
  })
})
