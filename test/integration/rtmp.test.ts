import { connect } from 'node:net'
import { pipeline } from 'node:stream'
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { encodedTags, tagsOf } from '../peers/flv-tags.ts'
import { decodeErrors } from '../peers/media.ts'
import { certificate, feed, output, platform, strike, undo } from '../peers/output-stage.ts'
import { until } from '../peers/run.ts'
import { TagFeed } from '../peers/tag-feed.ts'

const SECONDS = 4
let tags: FlvTag[]

beforeAll(async () => {
  tags = await encodedTags(SECONDS)
})

afterEach(strike)

const media = (list: FlvTag[], kind: FlvTag['kind']) => list.filter(tag => tag.kind === kind && !tag.header)

/** Where `received` begins in `sent`, having checked that it is an unbroken run of it with one constant time shift. */
function expectUnbroken(sent: FlvTag[], received: FlvTag[], kind: 'video' | 'audio'): { first: number; count: number } {
  const from = media(sent, kind)
  const got = media(received, kind)
  const shift = (got[0]?.timestamp ?? 0) - (from.find(tag => got[0]?.data.equals(tag.data))?.timestamp ?? 0)
  const first = from.findIndex(tag => tag.timestamp + shift === got[0]?.timestamp)
  expect(first).toBeGreaterThanOrEqual(0)
  for (const [n, tag] of got.entries()) {
    const original = from[first + n]
    if (!original?.data.equals(tag.data)) throw new Error(`${kind} packet ${n} differs from what was sent`)
    expect(tag.timestamp - original.timestamp).toBe(shift)
  }
  return { first, count: got.length }
}

function expectRising(list: FlvTag[]): void {
  for (const kind of ['video', 'audio'] as const) {
    const times = media(list, kind).map(tag => tag.timestamp)
    expect(times.every((time, n) => n === 0 || time > (times[n - 1] ?? 0))).toBe(true)
  }
}

describe('a stream to nginx', () => {
  it('arrives whole: every packet, over one connection, and it decodes without a complaint', async () => {
    const server = await platform(['k-1'])
    const relay = new Relay()
    const source = feed(tags, SECONDS, relay)
    const { output: out, becomes, events } = output(server.url, 'k-1', relay)
    await becomes('live')
    await until('five seconds sent', () => source.pushed.length > 400)
    expect(out.state()).toMatchObject({ status: 'live', connects: 1 })
    expect(out.state().videoBitrate).toBeGreaterThan(700)
    expect(out.state().videoBitrate).toBeLessThan(1_300)
    expect(out.state().queueSeconds).toBeLessThan(0.5)
    await out.stop()
    expect(out.state().status).toBe('idle')
    await until('the platform saw the end', () => server.publishes[0]?.ended)
    const [file = ''] = server.recordings()
    const received = tagsOf(file)
    const pictures = expectUnbroken(source.pushed, received, 'video')
    expectUnbroken(source.pushed, received, 'audio')
    // From the first keyframe that came by after publishing began, to the last picture before the stop.
    expect(media(received, 'video')[0]?.keyframe).toBe(true)
    expect(media(source.pushed, 'video').length - pictures.first - pictures.count).toBeLessThan(8)
    expect(await decodeErrors(file)).toBe('')
    expect(server.connections).toBe(1)
    expect(events).toEqual(['output.live'])
  })

  it.each([
    ['crosses 24 bits of milliseconds', 0xffffff - 2_500],
    ['begins beyond them', 0x1000000 + 77],
    ['crosses 31 bits, where FFmpeg begins again', 0x7fffffff - 2_500],
  ])('keeps its time when it %s', async (_, offset) => {
    const server = await platform()
    const relay = new Relay()
    const wrapped = (tag: FlvTag) => relay.push({ ...tag, timestamp: tag.timestamp & 0x7fffffff })
    const source = new TagFeed(tags, SECONDS, wrapped, offset).start()
    undo.push(() => source.stop())
    const { output: out, becomes } = output(server.url, 'k', relay)
    await becomes('live')
    await until('four seconds sent', () => (source.pushed.at(-1)?.timestamp ?? 0) > offset + 5_000)
    await out.stop()
    await until('the platform saw the end', () => server.publishes[0]?.ended)
    const received = tagsOf(server.recordings()[0] ?? '')
    expect(expectUnbroken(source.pushed, received, 'video').count).toBeGreaterThan(60)
    expectUnbroken(source.pushed, received, 'audio')
  })

  it('comes back by itself when the platform was gone, begins with a keyframe, and time goes on', async () => {
    const server = await platform()
    const relay = new Relay()
    feed(tags, SECONDS, relay)
    const { output: out, becomes, events } = output(server.url, 'k', relay)
    await becomes('live')
    // Sooner than two seconds after its yes, an end counts as a no.
    await until('it has settled', async () => ((await server.bytesIn('k')) ?? 0) > 400_000)
    await server.stop()
    await becomes('reconnecting')
    expect(out.state().error?.code).toMatch(/^OUTPUT_(DROPPED|UNREACHABLE)$/)
    await server.start()
    await becomes('live')
    expect(out.state().error).toBeUndefined()
    expect(out.state().connects).toBe(2)
    const sent = await until('two seconds more', async () => ((await server.bytesIn('k')) ?? 0) > 200_000)
    expect(sent).toBe(true)
    await out.stop()
    await until('the platform saw the end', () => server.publishes[1]?.ended)
    expect(events).toEqual(['output.live', 'output.lost', 'output.live'])
    const parts = server.recordings().map(tagsOf)
    for (const part of parts) {
      expect(media(part, 'video')[0]?.keyframe).toBe(true)
      expectRising(part)
    }
  })

  it('moves to a new key with one reconnection, and a second output does not notice', async () => {
    const server = await platform(['old', 'new', 'other'])
    const relay = new Relay()
    feed(tags, SECONDS, relay)
    const first = output(server.url, 'old', relay)
    const second = output(server.url, 'other', relay)
    await Promise.all([first.becomes('live'), second.becomes('live')])
    first.output.update({ ...first.spec, streamKey: 'new' }, relay)
    await until('published as new', () => server.publishes.some(publish => publish.key === 'new'))
    await first.becomes('live')
    first.output.update({ ...first.spec, name: 'Renamed', streamKey: 'new' }, relay)
    expect(server.publishes.map(({ key }) => key).sort()).toEqual(['new', 'old', 'other'])
    expect(first.output.state().connects).toBe(2)
    expect(second.output.state().connects).toBe(1)
    expect(server.publishes.find(({ key }) => key === 'other')?.ended).toBeUndefined()
  })

  it('follows another encoder over the same connection, without losing a picture when both run', async () => {
    const server = await platform()
    const [old, next] = [new Relay(), new Relay()]
    const source = new TagFeed(tags, SECONDS, tag => {
      next.push(tag)
      old.push(tag)
    }).start()
    undo.push(() => source.stop())
    const { output: out, spec, becomes } = output(server.url, 'k', old)
    await becomes('live')
    out.update(spec, next)
    const before = source.pushed.length
    await until('two seconds more', () => source.pushed.length > before + 160)
    await out.stop()
    await until('the platform saw the end', () => server.publishes[0]?.ended)
    expect(server.connections).toBe(1)
    const [file = ''] = server.recordings()
    expect(expectUnbroken(source.pushed, tagsOf(file), 'video').count).toBeGreaterThan(60)
    expectUnbroken(source.pushed, tagsOf(file), 'audio')
    expect(await decodeErrors(file)).toBe('')
  })

  it('follows an encoder that begins when the old one has ended', async () => {
    const server = await platform()
    const [old, next] = [new Relay(), new Relay()]
    let encoding = old
    const source = new TagFeed(tags, SECONDS, tag => encoding.push(tag)).start()
    undo.push(() => source.stop())
    const { output: out, spec, becomes } = output(server.url, 'k', old)
    await becomes('live')
    out.update(spec, next)
    for (const tag of tags) if (tag.header || tag.kind === 'script') next.push(tag)
    encoding = next
    const before = source.pushed.length
    await until('two seconds more', () => source.pushed.length > before + 160)
    await out.stop()
    await until('the platform saw the end', () => server.publishes[0]?.ended)
    expect(server.connections).toBe(1)
    const [file = ''] = server.recordings()
    const received = tagsOf(file)
    expectRising(received)
    const times = media(received, 'video').map(tag => tag.timestamp)
    const gaps = times.slice(1).map((time, n) => time - (times[n] ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(1_050)
    expect(gaps.filter(gap => gap > 40)).toHaveLength(1)
    expect(await decodeErrors(file)).toBe('')
  })
})

describe('RTMPS', () => {
  it('arrives whole behind a certificate that is trusted for this name', async () => {
    const server = await platform()
    const made = await certificate()
    const known = getCACertificates('default')
    setDefaultCACertificates([...known, made.cert])
    undo.push(() => setDefaultCACertificates(known))
    const front = createTlsServer(made, outside => {
      const inside = connect(Number(new URL(server.url).port), '127.0.0.1')
      pipeline(outside, inside, outside, () => {})
    })
    await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve))
    undo.push(() => front.close())
    const address = front.address()
    const port = address && typeof address === 'object' ? address.port : 0
    const relay = new Relay()
    const source = feed(tags, SECONDS, relay)
    const { output: out, becomes } = output(`rtmps://localhost:${port}/live`, 'k', relay)
    await becomes('live')
    await until('two seconds sent', () => source.pushed.length > 160)
    await out.stop()
    await until('the platform saw the end', () => server.publishes[0]?.ended)
    const [file = ''] = server.recordings()
    expect(expectUnbroken(source.pushed, tagsOf(file), 'video').count).toBeGreaterThan(25)
    expectUnbroken(source.pushed, tagsOf(file), 'audio')
  })
})

describe('a platform that stops reading', () => {
  it('costs the others nothing, loses pictures only, and goes on from a keyframe', async () => {
    const [slow, sound] = await Promise.all([platform(), platform()])
    const relay = new Relay()
    // Enough for the kernel's buffers to fill within seconds.
    const fat = await encodedTags(SECONDS, 6_000)
    const source = new TagFeed(fat, SECONDS, tag => relay.push(tag)).start()
    undo.push(() => source.stop())
    const stuck = output(slow.url, 'k', relay)
    const other = output(sound.url, 'k', relay)
    await Promise.all([stuck.becomes('live'), other.becomes('live')])
    slow.stall()
    await until('a queue', () => stuck.output.state().queueSeconds > 2.5)
    await until('it is bounded', () => stuck.output.state().queueSeconds > 3.5)
    expect(stuck.output.state().queueSeconds).toBeLessThan(11)
    slow.resume()
    await until('the queue is gone', () => stuck.output.state().queueSeconds < 0.5)
    await stuck.becomes('live')
    expect(stuck.output.state().connects).toBe(1)
    expect(other.output.state().connects).toBe(1)
    await Promise.all([stuck.output.stop(), other.output.stop()])
    await until('the end was seen', () => slow.publishes[0]?.ended && sound.publishes[0]?.ended)
    expectUnbroken(source.pushed, tagsOf(sound.recordings()[0] ?? ''), 'video')
    expectUnbroken(source.pushed, tagsOf(sound.recordings()[0] ?? ''), 'audio')
    const late = tagsOf(slow.recordings()[0] ?? '')
    expectRising(late)
    expect(await decodeErrors(slow.recordings()[0] ?? '')).toBe('')
  })

  it('is given up after eight seconds and connected to again', async () => {
    const server = await platform()
    const relay = new Relay()
    const fat = await encodedTags(SECONDS, 6_000)
    const source = new TagFeed(fat, SECONDS, tag => relay.push(tag)).start()
    undo.push(() => source.stop())
    const { output: out, becomes } = output(server.url, 'k', relay)
    await becomes('live')
    server.stall()
    await until('stalled', () => out.state().error?.code === 'OUTPUT_STALLED', { timeoutMs: 30_000 })
    server.resume()
    await becomes('live', 20_000)
    expect(out.state().connects).toBeGreaterThan(1)
  })
})
