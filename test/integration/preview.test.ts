import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { MediaServer } from '../../runtime/engine/outputs/media.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { encodedTags, tagsOf } from '../peers/flv-tags.ts'
import { decodeErrors } from '../peers/media.ts'
import { run, scratch, until } from '../peers/run.ts'
import { TagFeed } from '../peers/tag-feed.ts'

const SECONDS = 4
const undo: (() => unknown)[] = []
let tags: FlvTag[]
let jpeg: Buffer
let folder: ReturnType<typeof scratch>
let socketPath: string
let relay: Relay
let server: MediaServer
let viewers = 0
let watching = 0
let made = 0

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/**
 * Bytes of buffers: what merely was not collected yet is no memory held for a viewer. V8 gives buffers back on a thread of its
 * own after a collection, so that the first answer may be too high.
 */
function held(): number {
  collect()
  return process.memoryUsage().arrayBuffers
}

beforeAll(async () => {
  tags = await encodedTags(SECONDS)
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180', '-frames:v', '1', '-f', 'mjpeg', 'pipe:1']
  jpeg = await run('ffmpeg', ['-v', 'error', ...picture])
})

beforeEach(async () => {
  folder = scratch('preview')
  socketPath = `${folder.path}/media.sock`
  relay = new Relay()
  viewers = 0
  watching = 0
  made = 0
  server = new MediaServer(socketPath, {
    relayFor: program => {
      if (program !== 'main') return undefined
      viewers++
      return { relay, release: () => void viewers-- }
    },
    jpeg: async source => {
      made++
      return source === 'cam 1' ? jpeg : undefined
    },
    grey: source => (source === 'cam 1' ? Buffer.alloc(64 * 36, 90) : undefined),
    watch: () => {
      watching++
      return () => void watching--
    },
    recordings: folder.path,
    log: { error: () => {} },
  })
  await server.start()
  undo.push(
    () => folder.remove(),
    () => server.stop(),
  )
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function get(path: string): Promise<IncomingMessage> {
  const asked = request({ socketPath, path }).end()
  asked.on('error', () => {})
  undo.push(() => asked.destroy())
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.on('error', () => {})
  return response
}

async function whole(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function feed(): TagFeed {
  const source = new TagFeed(tags, SECONDS, tag => relay.push(tag)).start()
  undo.push(() => source.stop())
  return source
}

describe('the program as live FLV', () => {
  it('begins at once with a keyframe, goes on live, and decodes', async () => {
    const source = feed()
    await until('half a group of pictures', () => (relay.cached?.spanMs ?? 0) > 400)
    const began = systemClock.mono()
    const response = await get('/program/main.flv')
    expect(response.headers['content-type']).toBe('video/x-flv')
    let got = Buffer.alloc(0)
    response.on('data', part => {
      got = Buffer.concat([got, part])
    })
    await until('a keyframe', () => got.length > 13 && tagsOf(got).some(tag => tag.keyframe))
    expect(systemClock.mono() - began).toBeLessThan(400)
    expect(viewers).toBe(1)
    await until('two seconds', () => {
      const last = tagsOf(got).at(-1)
      return (last?.timestamp ?? 0) > (source.pushed[0]?.timestamp ?? 0) + 2_500
    })
    const received = tagsOf(got)
    expect(received.slice(0, 4).map(tag => [tag.kind, tag.header])).toEqual([
      ['script', false],
      ['video', true],
      ['audio', true],
      ['video', false],
    ])
    const file = `${folder.path}/seen.flv`
    writeFileSync(file, got)
    const complaints = await decodeErrors(file)
    expect(complaints.split('\n').filter(line => line && !/Packet mismatch|Truncat|EOF|partial/i.test(line))).toEqual(
      [],
    )
    response.destroy()
    await until('the viewer was let go', () => viewers === 0)
  })

  it('skips to a later keyframe for a viewer who stops reading, within bounded memory', async () => {
    relay.push({ kind: 'video', timestamp: 0, data: Buffer.from([0x17, 0, 0, 0, 0]), keyframe: false, header: true })
    const response = await get('/program/main.flv')
    response.pause()
    const before = held()
    // 400 MB in groups of ten pictures: only a few MB of them may wait.
    for (let n = 0; n < 4_000; n++) {
      const data = Buffer.alloc(100_000, n)
      relay.push({ kind: 'video', timestamp: 1_000 + n * 33, data, keyframe: n % 10 === 0, header: false })
      if (n % 100 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await until('what was skipped is given back', () => held() - before < 20_000_000)
    let got = Buffer.alloc(0)
    const chunks: Buffer[] = []
    response.on('data', part => chunks.push(part)).resume()
    await until('all that waited', () => {
      got = Buffer.concat(chunks)
      return got.length > 4_000_000
    })
    relay.push({ kind: 'video', timestamp: 200_000, data: Buffer.alloc(10), keyframe: true, header: false })
    await until('the new keyframe', () => tagsOf(Buffer.concat(chunks)).at(-1)?.timestamp === 200_000)
    expect(Buffer.concat(chunks).length).toBeLessThan(12_000_000)
  })

  it('of an unknown program is a problem document', async () => {
    const response = await get('/program/other.flv')
    expect(response.statusCode).toBe(404)
    expect(response.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(String(await whole(response)))).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  })

  it('ends for its viewers when the server stops', async () => {
    feed()
    const response = await get('/program/main.flv')
    const closed = new Promise(resolve => response.once('close', resolve))
    response.resume()
    await server.stop()
    await closed
    await until('the viewer was let go', () => viewers === 0)
  })
})

describe('pictures of a source', () => {
  it('come one at a time', async () => {
    const response = await get('/sources/cam%201.jpg')
    expect(response.headers['content-type']).toBe('image/jpeg')
    expect((await whole(response)).equals(jpeg)).toBe(true)
    expect((await get('/sources/none.jpg')).statusCode).toBe(404)
    expect((await get('/sources/none.mjpeg')).statusCode).toBe(404)
    expect((await get('/else')).statusCode).toBe(404)
  })

  it('come as a series at the rate asked for, which every part of it shows, and end with the viewer', async () => {
    const response = await get('/sources/cam%201.mjpeg?fps=10')
    expect(response.headers['content-type']).toBe('multipart/x-mixed-replace; boundary=picture')
    const began = systemClock.mono()
    const parts: Buffer[] = []
    response.on('data', part => parts.push(part))
    const count = () => Buffer.concat(parts).toString('latin1').split('--picture\r\n').length - 2
    await until('six pictures', () => count() >= 6)
    expect(systemClock.mono() - began).toBeGreaterThan(400)
    const [, first = ''] = Buffer.concat(parts).toString('latin1').split('--picture\r\n')
    expect(first.endsWith(`\r\n\r\n${jpeg.toString('latin1')}\r\n`)).toBe(true)
    expect(watching).toBe(1)
    response.destroy()
    await until('nobody watches', () => watching === 0)
    const after = made
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(made - after).toBeLessThan(3)
  })
})
