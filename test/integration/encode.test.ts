import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { Profile } from '../../runtime/contract/generated/engine.v1.ts'
import { Encoder, type EncoderInput } from '../../runtime/engine/encode/encoder.ts'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, Ring } from '../../runtime/engine/memory/ring.ts'
import { Gate } from '../../runtime/engine/outputs/gate.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { packets, probe } from '../peers/media.ts'
import { run, scratch, until } from '../peers/run.ts'

/** A synthetic program: a grey that brightens, a tone, at real speed or as fast as it is told. */
class Programme {
  readonly arena = new Arena()
  readonly layout
  readonly ring
  readonly picture
  private frame = 0
  private pairs = 0
  private timer: NodeJS.Timeout | undefined

  /** Small pictures have a long ring, because what is shared with other work may stand still for a while. */
  constructor(width: number, height: number, frameRate = { num: 30, den: 1 }) {
    this.picture = { width, height, frameRate }
    this.layout = allocRing(this.arena, { width, height, slots: width > 640 ? 8 : 60, audioFrames: 262_144 })
    this.ring = new Ring(this.arena.memory, this.layout)
  }

  /** Publishes frame after frame when they are due. */
  start(): void {
    const began = systemClock.mono()
    const { num, den } = this.picture.frameRate
    this.timer = setInterval(() => {
      while (systemClock.mono() - began >= (this.frame * den * 1_000) / num) this.tick()
    }, 4)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private tick(): void {
    const { num, den } = this.picture.frameRate
    const end = Math.round(((this.frame + 1) * den * 48_000) / num)
    for (; this.pairs < end; this.pairs++) {
      const at = this.pairs % this.layout.audioFrames
      const value = 8_000 * Math.sin((2 * Math.PI * 1_000 * this.pairs) / 48_000)
      this.ring.samples[at * 2] = value
      this.ring.samples[at * 2 + 1] = value
    }
    this.ring.publishAudio(end - this.ring.audioHead)
    const at = this.ring.writeAddress
    const luma = this.layout.width * this.layout.height
    this.ring.bytes.fill(16 + (this.frame % 200), at, at + luma)
    this.ring.bytes.fill(128, at + luma, at + this.ring.slotBytes)
    this.ring.publish((this.frame * den * 1e6) / num, systemClock.mono())
    this.frame++
  }
}

const profile: Profile = {
  width: 640,
  height: 360,
  fps: 30,
  videoBitrate: 1_000,
  audioBitrate: 128,
  keyframeInterval: 1,
}
const means = { encoders: ['libx264'] as const, preset: 'veryfast' as const }
const files = scratch('encode')
const log = createLog('test', 'fatal')
let running: { programme: Programme; encoder: Encoder; tags: FlvTag[]; events: string[] } | undefined

function begin(programme: Programme, wanted: Profile, can: Pick<EncoderInput, 'encoders' | 'preset'> = means) {
  const tags: FlvTag[] = []
  const events: string[] = []
  const encoder = new Encoder(
    { id: 'e', program: 'main', bus: 'all', profile: wanted },
    { memory: programme.arena.memory, ring: programme.layout, picture: programme.picture, ...can },
    { clock: systemClock, log, event: e => events.push(e.type), changed: () => {}, tag: tag => tags.push(tag) },
  )
  programme.start()
  encoder.start()
  running = { programme, encoder, tags, events }
  return running
}

afterEach(async () => {
  running?.programme.stop()
  await running?.encoder.stop()
  running = undefined
})
afterAll(() => files.remove())

/** The tags as a file, as a recorder would write it. */
function flv(tags: FlvTag[], name: string): string {
  const parts: Buffer[] = [Buffer.from('464c5601050000000900000000', 'hex')]
  for (const tag of tags) {
    const head = Buffer.alloc(11)
    head[0] = { audio: 8, video: 9, script: 18 }[tag.kind]
    head.writeUIntBE(tag.data.length, 1, 3)
    head.writeUIntBE(tag.timestamp & 0xffffff, 4, 3)
    head[7] = tag.timestamp >>> 24
    const trailer = Buffer.alloc(4)
    trailer.writeUInt32BE(head.length + tag.data.length)
    parts.push(head, tag.data, trailer)
  }
  const file = join(files.path, name)
  writeFileSync(file, Buffer.concat(parts))
  return file
}

const pictures = (tags: FlvTag[]) => tags.filter(tag => tag.kind === 'video' && !tag.header)
const sounds = (tags: FlvTag[]) => tags.filter(tag => tag.kind === 'audio' && !tag.header)
const rising = (times: number[]) => times.every((time, i) => i === 0 || time > times[i - 1])
const longestGap = (tags: FlvTag[]) =>
  Math.max(...tags.slice(1).map(({ timestamp }, n) => timestamp - tags[n].timestamp))
/** What an output sends of them. */
function viewed(tags: FlvTag[]): FlvTag[] {
  const gate = new Gate()
  return tags.filter(tag => gate.pass(tag))
}
const decodes = async (file: string) =>
  String(await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-']).catch(error => error)) === ''

test('a program becomes H.264 and AAC with its own times, its colours and an exact keyframe interval', async () => {
  const { tags, encoder } = begin(new Programme(640, 360), profile)
  const started = systemClock.mono()
  await until('the first picture', () => pictures(tags).length > 0, { everyMs: 10 })
  const firstMs = systemClock.mono() - started
  await until('four seconds', () => pictures(tags).length >= 120)
  expect(encoder.state()).toMatchObject({ status: 'running', codec: 'libx264', restarts: 0, dropped: 0 })
  running?.programme.stop()
  await encoder.stop()

  const file = flv(tags, 'plain.flv')
  const answer = await probe(file)
  expect(answer.video).toMatchObject({ codec: 'h264', width: 640, height: 360, pixFmt: 'yuv420p', profile: 'High' })
  expect(answer.video).toMatchObject({ colorRange: 'tv', colorSpace: 'bt709' })
  expect(answer.audio).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 2 })

  const video = await packets(file, 'v')
  expect(video.length).toBeGreaterThanOrEqual(120)
  const first = video[0].pts
  // On the wire: program time plus a second, and the first frame is one of the program's own.
  const firstFrame = ((first - 1_000) * 30) / 1_000
  expect(firstFrame).toBeGreaterThanOrEqual(0)
  expect(Math.abs(firstFrame - Math.round(firstFrame))).toBeLessThan(0.04)
  for (const [n, packet] of video.entries())
    expect(Math.abs(packet.pts - first - (n * 1_000) / 30)).toBeLessThanOrEqual(1)
  expect(video.flatMap((packet, n) => (packet.key ? [n] : []))).toEqual(
    Array.from({ length: Math.ceil(video.length / 30) }, (_, n) => n * 30),
  )
  const audio = await packets(file, 'a')
  expect(rising(audio.map(packet => packet.pts))).toBe(true)
  // Sound begins with the picture (but for the encoder's priming) and is as long.
  expect(Math.abs(audio[0].pts - first)).toBeLessThanOrEqual(25)
  expect(Math.abs((audio.at(-1)?.pts ?? 0) - (video.at(-1)?.pts ?? 0))).toBeLessThan(100)
  expect(await decodes(file)).toBe(true)
  const grey = await run('ffmpeg', ['-v', 'error', '-i', file, '-frames:v', '1', '-f', 'rawvideo', '-'])
  expect(Math.abs(grey[0] - 16 - Math.round(firstFrame))).toBeLessThanOrEqual(2)
  expect(firstMs).toBeLessThan(3_000)
})

test('a killed encoder is back at once and carries on in the same time line', async () => {
  const { tags, encoder, events } = begin(new Programme(640, 360), profile)
  await until('two seconds', () => pictures(tags).length >= 60)
  process.kill(encoder.pid ?? 0, 'SIGKILL')
  await until('a restart', () => encoder.state().status === 'restarting')
  await until('pictures again', () => encoder.state().status === 'running')
  const again = pictures(tags).length
  await until('a second more', () => pictures(tags).length > again + 30)
  expect(events).toEqual(['encoder.restarted'])
  expect(encoder.state().restarts).toBe(1)

  const seen = viewed(tags)
  expect(rising(pictures(seen).map(tag => tag.timestamp))).toBe(true)
  expect(rising(sounds(seen).map(tag => tag.timestamp))).toBe(true)
  // What the ring keeps of the meantime is not lost.
  expect(longestGap(pictures(seen))).toBeLessThan(200)
  expect(longestGap(sounds(seen))).toBeLessThan(200)
})

test('an encoder that was stopped for a while loses pictures, keeps sound, and is in step again', async () => {
  const { tags, encoder } = begin(new Programme(1280, 720), { ...profile, width: 1280, height: 720 })
  await until('a second', () => pictures(tags).length >= 30)
  const pid = encoder.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  const stopped = systemClock.mono()
  await until('dropped frames', () => systemClock.mono() - stopped > 2_000)
  process.kill(pid, 'SIGCONT')
  const before = pictures(tags).length
  await until('two seconds more', () => pictures(tags).length >= before + 60)
  running?.programme.stop()
  await encoder.stop()

  expect(encoder.state().dropped).toBeGreaterThan(20)
  const audio = sounds(tags).map(tag => tag.timestamp)
  const gaps = audio.slice(1).map((time, i) => time - audio[i])
  expect(Math.max(...gaps)).toBeLessThanOrEqual(23)
  const last = pictures(tags).at(-1)?.timestamp ?? 0
  expect(Math.abs(last - (audio.at(-1) ?? 0))).toBeLessThan(150)
  expect(await decodes(flv(tags, 'stopped.flv'))).toBe(true)
})

test('a smaller and slower profile of a 59.94 program gets every second frame', async () => {
  const programme = new Programme(640, 360, { num: 60_000, den: 1_001 })
  const { tags, encoder } = begin(programme, { ...profile, width: 320, height: 180 })
  await until('two seconds', () => pictures(tags).length >= 60)
  running?.programme.stop()
  await encoder.stop()
  const file = flv(tags, 'half.flv')
  expect((await probe(file)).video).toMatchObject({ width: 320, height: 180, colorSpace: 'bt709', colorRange: 'tv' })
  const video = await packets(file, 'v')
  for (const [n, packet] of video.entries()) {
    expect(Math.abs(packet.pts - video[0].pts - (n * 1_001) / 30)).toBeLessThanOrEqual(1.1)
  }
})

test('an encoder that hangs is killed by the watchdog and replaced', async () => {
  const { tags, encoder } = begin(new Programme(640, 360), profile)
  await until('a second', () => pictures(tags).length >= 30)
  const pid = encoder.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  await until('another process', () => encoder.pid !== undefined && encoder.pid !== pid, { timeoutMs: 15_000 })
  const before = pictures(tags).length
  await until('pictures again', () => pictures(tags).length > before)
})

test('hardware that gives no picture is replaced by software, as an event and in the state', async () => {
  const can = { encoders: ['h264_nvenc', 'libx264'] as const, preset: 'ultrafast' as const }
  const { tags, encoder, events } = begin(new Programme(640, 360), profile, can)
  await until('pictures', () => tags.some(tag => tag.keyframe))
  expect(events).toContain('encoder.fallback')
  const insteadOf = { codec: 'h264_nvenc', reason: expect.any(String) }
  expect(encoder.state()).toMatchObject({ status: 'running', codec: 'libx264', preset: 'ultrafast', insteadOf })
})
