import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { sendRecording } from '../../runtime/engine/outputs/record/download.ts'
import { Recording } from '../../runtime/engine/outputs/record/recording.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { encodedTags } from '../peers/flv-tags.ts'
import { decodeErrors, packets, probe } from '../peers/media.ts'
import { run, scratch, until } from '../peers/run.ts'
import { TagFeed } from '../peers/tag-feed.ts'

const SECONDS = 4
const undo: (() => unknown)[] = []
let tags: FlvTag[]

beforeAll(async () => {
  tags = await encodedTags(SECONDS)
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A recording of a fed relay, on a disk with as much room as the test says and a clock that the test may speed up. */
function record(subfolder = 'show') {
  const folder = scratch('record')
  writeFileSync(join(folder.path, 'is-a-file'), '')
  const relay = new Relay()
  const feed = new TagFeed(tags, SECONDS, tag => relay.push(tag)).start()
  const disk = { free: 1e12 }
  const events: { type: string; data: unknown }[] = []
  const spec = {
    id: 'R',
    name: 'Test',
    program: 'main',
    encoder: 'e',
    folder: join(folder.path, subfolder),
    reserveBytes: 1e9,
  }
  const deps = {
    clock: systemClock,
    log: { warn: () => {} },
    event: (event: { type: string; data: unknown }) => events.push(event),
    changed: () => {},
    room: async () => ({ free: disk.free, size: 1e13 }),
  }
  const recording = new Recording(spec, relay, deps)
  undo.push(
    () => folder.remove(),
    () => recording.stop(),
    () => feed.stop(),
  )
  recording.start()
  const pieces = () => (existsSync(spec.folder) ? readdirSync(spec.folder).sort() : [])
  const size = () => pieces().reduce((sum, name) => sum + statSync(join(spec.folder, name)).size, 0)
  return { recording, relay, feed, disk, events, spec, pieces, size }
}

describe('a recording', () => {
  it('is pieces that begin at keyframes, end before ten seconds, and play by themselves', async () => {
    const { recording, pieces, spec } = record()
    await until('a second piece', () => pieces().length === 2 && recording.state().bytes > 1e6)
    await recording.stop()
    for (const name of pieces()) {
      expect(name).toMatch(/^\d{8}T\d{9}Z-main\.ts$/)
      const file = join(spec.folder, name)
      const { video, audio } = await probe(file)
      expect({ video, audio }).toMatchObject({ video: { codec: 'h264' }, audio: { codec: 'aac' } })
      expect(await decodeErrors(file)).toBe('')
    }
    const gaps = await gapsOf(spec.folder)
    expect(Math.max(...gaps)).toBeLessThan(35)
    expect(Math.min(...gaps)).toBeGreaterThan(32)
    expect(recording.state()).toMatchObject({ pieces: 2, bytes: statsOf(spec.folder) })
  })

  it('is made into one file for nobody who left before it began', async () => {
    const { recording, pieces, spec } = record()
    await until('a piece', () => pieces().length === 1)
    await recording.stop()
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    const sent = sendRecording(spec.folder, 'ts', response)
    response.destroy()
    await sent
    const children = await run('ps', ['-o', 'args=', '--ppid', String(process.pid)])
    expect(String(children)).not.toContain('concat')
  })

  it('is on the disk as it comes: what is read at any moment misses less than a second', async () => {
    const { feed, pieces, spec, size } = record()
    await until('some of it', () => size() > 300_000)
    const sent = feed.pushed.at(-1)?.timestamp ?? 0
    const read = await packets(join(spec.folder, pieces()[0] ?? ''), 'v')
    const first = feed.pushed.find(tag => tag.kind === 'video' && tag.keyframe)?.timestamp ?? 0
    expect(sent - first - ((read.at(-1)?.dts ?? 0) - (read[0]?.dts ?? 0))).toBeLessThan(1_000)
  })

  it('waits while the disk is short, says so once, and goes on by itself as a new piece', async () => {
    const { recording, disk, events, pieces, size } = record()
    await until('it records', () => size() > 100_000)
    disk.free = 1e8
    await until('it waits', () => recording.state().status === 'waiting')
    expect(recording.state().error).toMatchObject({ code: 'STORAGE_LOW' })
    await until('the piece is closed', () => size() === recording.state().bytes)
    disk.free = 1e12
    await until('it goes on', () => recording.state().status === 'recording')
    expect(pieces()).toHaveLength(2)
    expect(events.map(({ type }) => type)).toEqual(['recording.stopped', 'recording.resumed'])
    expect(events[0]?.data).toMatchObject({ recording: 'R', cause: 'STORAGE_LOW' })
  })

  it('follows another encoder without a gap, as a new piece', async () => {
    const { recording, relay, feed, spec, pieces, size } = record()
    await until('it records', () => size() > 100_000)
    const next = new Relay()
    // The program's time is the same for both, 10 ms apart: where the first is, the other begins.
    const time = feed.pushed.findLast(tag => tag.kind === 'video')?.timestamp ?? 0
    const also = new TagFeed(tags, SECONDS, tag => next.push(tag), time - 1_000 + 10).start()
    undo.push(() => also.stop())
    await until('it is between two keyframes', () => also.pushed.length > 10)
    recording.update({ ...spec, encoder: 'f' }, next)
    await until('a new piece', () => pieces().length === 2)
    feed.stop()
    const before = size()
    await until('it goes on with the new one', () => size() > before + 100_000)
    expect(relay.cached).toBeDefined()
    expect(recording.state().status).toBe('recording')
    await recording.stop()
    const gaps = await gapsOf(spec.folder)
    expect(Math.max(...gaps)).toBeLessThan(35 + 10)
    expect(Math.min(...gaps)).toBeGreaterThan(0)
  })

  it('counts what an earlier life left, and a folder that cannot be made is told as such', async () => {
    const { recording, spec, relay, pieces, size } = record()
    await until('it records', () => size() > 100_000)
    await recording.stop()
    const again = new Recording(spec, relay, {
      clock: systemClock,
      log: { warn: () => {} },
      event: () => {},
      changed: () => {},
    })
    undo.push(() => again.stop())
    again.start()
    await until('it has counted', () => again.state().pieces > 0)
    expect(again.state().bytes).toBeGreaterThanOrEqual(size())
    expect(pieces().length).toBeGreaterThanOrEqual(1)
    const lost = record('is-a-file/show')
    const error = await until('it says why', () => lost.recording.state().error)
    expect(error).toMatchObject({ code: 'RECORDING_FAILED' })
  })
})

/** From picture to picture (ms), over all pieces. */
async function gapsOf(folder: string): Promise<number[]> {
  const times: number[] = []
  for (const name of readdirSync(folder).sort())
    times.push(...(await packets(join(folder, name), 'v')).map(({ dts }) => dts))
  return times.slice(1).map((time, n) => time - (times[n] ?? 0))
}

function statsOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}
