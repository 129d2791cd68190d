import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Output } from '../../runtime/engine/outputs/output.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { encodedTags, tagsOf } from '../peers/flv-tags.ts'
import { packets } from '../peers/media.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { until } from '../peers/run.ts'
import { TagFeed } from '../peers/tag-feed.ts'
import { Wire } from '../peers/wire.ts'

const SECONDS = 4
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function platform(): Promise<RtmpPlatform> {
  const made = new RtmpPlatform()
  undo.push(() => made.remove())
  await made.start()
  return made
}

async function wire(to: RtmpPlatform): Promise<Wire> {
  const made = await new Wire(to.url).start()
  undo.push(() => made.stop())
  return made
}

function output(relay: Relay, url: string, streamKey: string): Output {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const spec = { id: streamKey, name: streamKey, encoder: 'e', url, streamKey }
  const made = new Output(spec, relay, { clock: systemClock, log, event: () => {}, changed: () => {} })
  undo.push(() => made.stop())
  made.start()
  return made
}

const pictures = (tags: FlvTag[]) => tags.filter(tag => tag.kind === 'video' && !tag.header)
const live = (outputs: Output[]) => outputs.every(made => made.state().status === 'live')

test('six outputs, four kinds of trouble at once: the other two lose no frame', async () => {
  const [sound, stopped] = await Promise.all([platform(), platform()])
  const [reset, hole, slow] = await Promise.all([wire(sound), wire(sound), wire(sound)])
  const relay = new Relay()
  // Enough to fill the kernel's buffers of those that do not read within seconds.
  const source = new TagFeed(await encodedTags(SECONDS, 4_000), SECONDS, tag => relay.push(tag)).start()
  undo.push(() => source.stop())
  const healthy = [output(relay, sound.url, 'first'), output(relay, sound.url, 'second')]
  const troubled = {
    stopped: output(relay, stopped.url, 'k'),
    reset: output(relay, reset.url, 'reset'),
    hole: output(relay, hole.url, 'hole'),
    slow: output(relay, slow.url, 'slow'),
  }
  await until('all live', () => live([...healthy, ...Object.values(troubled)]))
  await pause(2_500) // a platform's change of mind is no trouble of the network
  stopped.stall()
  reset.reset()
  hole.freeze()
  slow.slow(1_000)
  await until('the black hole is found out', () => troubled.hole.state().error?.code === 'OUTPUT_STALLED', {
    timeoutMs: 30_000,
  })
  await until('the reset one is back', () => live([troubled.reset]))
  expect(troubled.reset.state().connects).toBe(2)
  expect(troubled.slow.state().connects).toBe(1)
  await until('the slow one has a queue', () => troubled.slow.state().queueSeconds > 2)
  expect(live(healthy)).toBe(true)
  for (const made of healthy) expect(made.state()).toMatchObject({ connects: 1 })
  for (const made of healthy) expect(made.state().queueSeconds).toBeLessThan(0.5)
  stopped.resume()

  await Promise.all(healthy.map(made => made.stop()))
  const ended = () => sound.publishes.filter(({ key, ended }) => /first|second/.test(key) && ended).length === 2
  await until('the platform saw the end', ended)
  const sent = pictures(source.pushed)
  for (const key of ['first', 'second']) {
    const file = sound.recordings().find(path => path.includes(`/${key}-`)) ?? ''
    const got = pictures(tagsOf(file))
    const first = sent.findIndex(tag => tag.data.equals(got[0]?.data ?? Buffer.alloc(0)))
    const shift = (got[0]?.timestamp ?? 0) - (sent[first]?.timestamp ?? 0)
    expect(got.length).toBeGreaterThan(300)
    const due = sent.filter(({ timestamp }) => {
      const time = timestamp + shift
      return time >= (got[0]?.timestamp ?? 0) && time <= (got.at(-1)?.timestamp ?? 0)
    })
    expect(got.length / due.length).toBeGreaterThanOrEqual(0.999)
  }
})

test('stopped and started within one second: two connections, two recordings, and times that rise in each', async () => {
  const sound = await platform()
  const relay = new Relay()
  const source = new TagFeed(await encodedTags(SECONDS), SECONDS, tag => relay.push(tag)).start()
  undo.push(() => source.stop())
  await pause(1_000 - (systemClock.now() % 1_000))
  const made = output(relay, sound.url, 'k')
  for (const connections of [1, 2]) {
    made.start()
    await until('live', () => made.state().status === 'live' && sound.connections === connections)
    await pause(300)
    await made.stop()
  }
  await until('the platform saw the end', () => sound.publishes.every(({ ended }) => ended))
  const files = sound.recordings()
  expect(files).toHaveLength(2)
  for (const file of files)
    for (const kind of ['v', 'a'] as const) {
      const times = (await packets(file, kind)).map(({ dts }) => dts)
      expect(times.length).toBeGreaterThan(5)
      expect(times.filter((time, n) => n > 0 && time <= times[n - 1])).toEqual([])
    }
})
