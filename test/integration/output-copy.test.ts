import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OutputState } from '../../runtime/contract/generated/engine.v1.ts'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Output } from '../../runtime/engine/outputs/output.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { because, type ChildNews, children } from '../../runtime/lib/children.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { encodedTags } from '../peers/flv-tags.ts'
import { decodeErrors, packets, probe } from '../peers/media.ts'
import { freePort, scratch, until } from '../peers/run.ts'
import { TagFeed } from '../peers/tag-feed.ts'

const SECONDS = 4
const PASSPHRASE = 'a-very-secret-phrase'
const undo: (() => unknown)[] = []
let tags: FlvTag[]

beforeAll(async () => {
  tags = await encodedTags(SECONDS)
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function output(url: string) {
  const relay = new Relay()
  const feed = new TagFeed(tags, SECONDS, tag => relay.push(tag)).start()
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const spec = { id: 'out', name: 'Test', encoder: 'e', url }
  const made = new Output(spec, relay, { clock: systemClock, log, event: () => {}, changed: () => {} })
  undo.push(
    () => feed.stop(),
    () => made.stop(),
  )
  made.start()
  const becomes = (status: OutputState['status']) => until(`output ${status}`, () => made.state().status === status)
  return { output: made, becomes }
}

/** Stops it as the engine does; answers what was told of its child. */
async function stopped(out: Output): Promise<ChildNews[]> {
  const told: ChildNews[] = []
  const unhear = children.listen((_what, news) => told.push(news))
  await because({ command: 'output.stop', why: 'no longer wanted' }, () => out.stop())
  unhear()
  return told
}
const STOPPED = { child: 'out', wanted: { command: 'output.stop' }, decided: { action: 'stop' } }

/** Command lines of the FFmpeg children of this process. */
function commandLines(): string[] {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)], { encoding: 'utf8' })
  return children
    .split('\n')
    .map(pid => pid.trim())
    .filter(pid => pid && existsSync(`/proc/${pid}/cmdline`))
    .map(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    .filter(line => line.includes('ffmpeg'))
}

describe('a file', () => {
  it.each(['flv', 'mkv', 'mp4', 'ts'])(
    '%s plays with sound and picture, and the next one does not replace it',
    async ext => {
      const folder = scratch('copy')
      undo.push(() => folder.remove())
      const path = `${folder.path}/deep/show one.${ext}`
      const { output: out, becomes } = output(`file://${encodeURI(path)}`)
      await becomes('live')
      await until('two seconds of it', () => statSync(path).size > 250_000)
      expect(await stopped(out)).toMatchObject([STOPPED])
      expect(await probe(path)).toMatchObject({
        video: { codec: 'h264', width: 320, height: 180 },
        audio: { codec: 'aac' },
      })
      const times = (await packets(path, 'v')).map(packet => packet.dts)
      expect(times.length).toBeGreaterThan(45)
      expect(times.every((time, n) => n === 0 || time > (times[n - 1] ?? 0))).toBe(true)
      expect(await decodeErrors(path)).toBe('')
      const size = statSync(path).size
      out.start()
      await until('a second file', () => readdirSync(`${folder.path}/deep`).includes(`show one-2.${ext}`))
      await out.stop()
      expect(statSync(path).size).toBe(size)
    },
  )

  it('that cannot be written is told as such', async () => {
    const { output: out } = output('file:///proc/nowhere/show.mkv')
    const error = await until('an error', () => out.state().error)
    expect(error.code).toBe('OUTPUT_FILE')
  })
})

describe('an HLS folder', () => {
  /** The playlist's pieces, and the numbers it counts them by. */
  function playlist(path: string) {
    const text = readFileSync(path, 'utf8')
    const first = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1])
    return { text, first, pieces: text.split('\n').filter(line => line.endsWith('.ts')) }
  }

  it('plays while it grows, keeps the last pieces only, and goes on under the same address', async () => {
    const folder = scratch('hls')
    undo.push(() => folder.remove())
    const path = `${folder.path}/on air/show.m3u8`
    mkdirSync(dirname(path))
    for (const left of ['show-7.ts', 'show-8.ts.tmp', 'show-notes.ts', 'shows-1.ts'])
      writeFileSync(`${dirname(path)}/${left}`, '')
    const { output: out, becomes } = output(`file://${encodeURI(path)}`)
    await becomes('live')
    expect(readdirSync(dirname(path))).toEqual(expect.arrayContaining(['show-notes.ts', 'shows-1.ts']))
    expect(readdirSync(dirname(path))).not.toContain('show-7.ts')
    await until('three pieces', () => playlist(path).pieces.length >= 3)
    expect(await probe(path)).toMatchObject({ video: { codec: 'h264', width: 320 }, audio: { codec: 'aac' } })
    // Nobody who looks gets half of one: what is not whole has another name.
    for (const piece of playlist(path).pieces) expect(existsSync(`${dirname(path)}/${piece}`)).toBe(true)
    await out.stop()
    const before = playlist(path)
    expect(before.text).toContain('#EXT-X-ENDLIST')
    expect(await decodeErrors(path)).toBe('')
    out.start()
    await until('it goes on', () => playlist(path).pieces.length > before.pieces.length)
    const after = playlist(path)
    expect(after.text.slice(before.text.lastIndexOf('.ts'))).toContain('#EXT-X-DISCONTINUITY\n')
    expect(after.pieces.slice(0, before.pieces.length)).toEqual(before.pieces)
    expect(after.text).not.toContain('#EXT-X-ENDLIST')
    await until('the first piece was deleted', () => !existsSync(`${dirname(path)}/show-0.ts`), { timeoutMs: 30_000 })
    expect(playlist(path).first).toBeGreaterThan(0)
  })
})

describe('SRT', () => {
  async function receiver(folder: string) {
    const port = await freePort()
    const listen = `srt://127.0.0.1:${port}?mode=listener&passphrase=${PASSPHRASE}`
    const child = spawnOwned('ffmpeg', ['-v', 'error', '-y', '-i', listen, '-c', 'copy', `${folder}/got.ts`], {
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    undo.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    })
    return { port, child }
  }

  it('arrives encrypted, and the passphrase stands in no command line', async () => {
    const folder = scratch('srt')
    undo.push(() => folder.remove())
    const { port, child } = await receiver(folder.path)
    const { output: out, becomes } = output(`srt://127.0.0.1:${port}?passphrase=${PASSPHRASE}`)
    await becomes('live')
    const sending = commandLines().filter(line => line.includes('pipe:0'))
    expect(sending).toHaveLength(1)
    expect(sending.join()).not.toContain(PASSPHRASE)
    await until('two seconds', () => statSync(`${folder.path}/got.ts`).size > 250_000)
    const ended = once(child, 'exit')
    await out.stop()
    await ended
    expect(await probe(`${folder.path}/got.ts`)).toMatchObject({ video: { codec: 'h264' }, audio: { codec: 'aac' } })
  })

  it('with a wrong passphrase says so without repeating it', async () => {
    const folder = scratch('srt')
    undo.push(() => folder.remove())
    const { port } = await receiver(folder.path)
    const { output: out } = output(`srt://127.0.0.1:${port}?passphrase=another-wrong-one`)
    const error = await until('an error', () => out.state().error)
    expect(error.code).toMatch(/^OUTPUT_(REFUSED|UNREACHABLE)$/)
    expect(JSON.stringify(error)).not.toContain('another-wrong-one')
    await until('it waits for its next try', () => children.list()[0]?.decided.action === 'retry')
    expect((await stopped(out)).at(-1)).toMatchObject(STOPPED)
    expect(children.list()).toEqual([])
  })
})
