import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  Camera,
  Event,
  OverlaySummary,
  Preview,
  Problem,
  Program,
  Recording,
  Segment,
  Timeline,
} from '../../runtime/contract/generated/openapi.v1.ts'
import { ApiStage } from '../peers/api-stage.ts'
import { decodeErrors, planeAt, thumbnails } from '../peers/media.ts'
import { OLDER } from '../peers/older-segments.ts'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { scratch, until } from '../peers/run.ts'
import { packageOf, segmentFiles, segmentOf } from '../peers/segment-package.ts'
import { type Packed, withChecksums, zipOf } from '../peers/zip.ts'

/** Packages on the whole product: by HTTP and from a stick, good, bad and old, none of their addresses reachable. */
const stage = new ApiStage('segments')
const { ask, get } = stage
const media = scratch('media')
const FPS = 30
const trusted = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')

beforeAll(async () => {
  await stage.begin()
  const { x = '' } = trusted.publicKey.export({ format: 'jwk' })
  const program = { width: 640, height: 360, fps: FPS }
  const segments = { mediaFolder: media.path, keys: [Buffer.from(x, 'base64url').toString('base64')] }
  expect((await ask('PATCH', '/settings', { segments, program })).status).toBe(200)
})
afterAll(async () => {
  await stage.end()
  media.remove()
})

const upload = async <Body = Segment>(content: Buffer | string) => {
  const form = new FormData()
  form.set('package', new Blob([Buffer.from(content)]), 'show.vseg')
  const sent = new Response(form)
  const headers = { 'content-type': sent.headers.get('content-type') ?? '' }
  return ask<Body>('POST', '/segments', Buffer.from(await sent.arrayBuffer()), { headers })
}
const rejections = async () => (await get<Event[]>('/events?type=segment.rejected')).map(({ message }) => message)

const whole = (more: object = {}) => withChecksums(segmentFiles(segmentOf({ ...more })))
const signedBy = (key: typeof trusted, files: Packed[]): Packed[] => {
  const checksums = files.find(({ name }) => name === 'checksums.json')?.content ?? ''
  return [...files, { name: 'signature.ed25519', content: sign(null, Buffer.from(checksums), key.privateKey) }]
}

/** What a forger, a broken stick and a Studio of another time bring: the code, and the file that is why. */
const BAD: Record<string, { files: Packed[]; code: string; file: string }> = {
  'zip slip': {
    files: [...whole(), { name: '../../../../out.txt', content: 'x' }],
    ...{ code: 'SEGMENT_UNSAFE', file: '../../../../out.txt' },
  },
  bomb: {
    files: withChecksums([...segmentFiles(), { name: 'assets/bomb.png', content: Buffer.alloc(8_000_000) }]),
    ...{ code: 'SEGMENT_UNSAFE', file: 'assets/bomb.png' },
  },
  'bad checksum': {
    files: whole().map(each => (each.name === 'assets/logo.svg' ? { ...each, content: '<svg/>' } : each)),
    ...{ code: 'SEGMENT_CHECKSUM', file: 'assets/logo.svg' },
  },
  'bad signature': {
    files: signedBy(stranger, whole()),
    ...{ code: 'SEGMENT_SIGNATURE', file: 'signature.ed25519' },
  },
  'wrong version': {
    files: whole({ segment: '2.0' }),
    ...{ code: 'SEGMENT_VERSION', file: 'segment.json' },
  },
}

describe('packages', () => {
  it.each(Object.values(BAD))('refused by upload, and the log says which file: $code, $file', async bad => {
    const told = await upload<Problem & { file: string }>(zipOf(bad.files))
    expect([told.status, told.body.code, told.body.file]).toEqual([422, bad.code, bad.file])
    expect((await rejections())[0]).toContain(bad.file)
  })

  it('refused from a stick: each is told by its name, with the file; nothing of any is there', async () => {
    const sticks = Object.entries(BAD).map(([name, bad]) => ({ ...bad, stick: `${name.replace(' ', '-')}.vseg` }))
    for (const { stick, files } of sticks) writeFileSync(join(media.path, stick), zipOf(files))
    for (const { stick, file } of sticks) {
      const told = async () => (await rejections()).find(each => each.includes(stick))
      expect(await until(`${stick} is told`, told, { timeoutMs: 15_000 })).toContain(file)
    }
    expect(await get<Segment[]>('/segments')).toEqual([])
    expect((await get<OverlaySummary[]>('/overlays')).filter(({ id }) => id.startsWith('morning'))).toEqual([])
    expect(existsSync(join(stage.control.paths.data, '..', 'out.txt'))).toBe(false)
    await until('nothing lies about', () => readdirSync(join(stage.control.paths.segments, 'incoming')).length === 0)
  })

  it('a signed one comes from a folder that appears on a medium, with its files, though no address can be reached', async () => {
    const folder = join(media.path, 'STICK', 'shows')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'morning.vseg'), zipOf(signedBy(trusted, whole())))
    const [segment] = await until('it is there', async () => {
      const all = await get<Segment[]>('/segments')
      return all.length > 0 && all
    })
    expect(segment).toMatchObject({ id: 'morning', source: 'media', signed: true, files: 1, notes: [] })
    const overlays = await get<OverlaySummary[]>('/overlays')
    expect(overlays.find(({ id }) => id === 'morning.lower')?.assets).toMatchObject([{ status: 'ready' }])
    expect(await get<Event[]>('/events?type=asset.missing')).toEqual([])
  })

  it('is previewed on a bus of its own: viewers see nothing of it, and it is no proof of play', async () => {
    const started = await ask<Preview>('POST', '/segments/morning/preview')
    expect(started.body).toMatchObject({ name: 'Morning', url: '/preview/preview-bus.flv' })
    const path = `/${started.body.url}`
    const open = () => stage.control.open({ path, cookie: stage.cookie })
    const flv = await until('the bus runs', async () => {
      const answer = await open()
      if (answer.statusCode !== 200) answer.resume()
      return answer.statusCode === 200 && answer
    })
    let bytes = 0
    flv.on('data', (data: Buffer) => {
      bytes += data.length
    })
    await until('it has pictures', () => bytes > 10_000)
    flv.destroy()
    expect((await ask('GET', '/programs/preview-bus')).status).toBe(404)
    expect((await get<Program>('/program')).overlays).toEqual([])
    expect((await ask('DELETE', '/preview')).status).toBe(204)
    expect(await get<Preview>('/preview')).toEqual({ timeline: null })
    expect(JSON.stringify(await get('/proof-of-play'))).not.toContain('morning')
    await until('the bus is gone', async () => (await stage.control.ask({ path, cookie: stage.cookie })).status === 404)
  })

  it.each(Object.entries(OLDER.shapes))('older ones, %s: taken, and no login is kept', async (_, shape) => {
    const { status, body } = await upload(JSON.stringify(shape))
    expect(status).toBe(201)
    expect(body.notes[0]?.code).toBe('OLD_FORMAT')
    const stripped = body.notes.filter(({ code }) => code === 'CREDENTIALS')
    expect(stripped.length > 0).toBe(JSON.stringify(shape).includes(OLDER.secret))
    const kept = [
      body,
      await get<Timeline>(`/timelines/${body.timeline}`),
      await get('/overlays'),
      await get('/events'),
    ]
    expect(JSON.stringify(kept)).not.toContain(OLDER.secret)
  })
})

describe('the queue on air', () => {
  /** A white bar, `y` pixels from the upper edge. */
  const bar = (id: string, y: number) => ({
    ocl: '1.0',
    timeline: { id, version: 1, frameRate: FPS, resolution: { width: 640, height: 360 } },
    assets: [],
    scenes: [
      {
        ...{ id: 'main', start: 0 },
        tracks: [
          {
            ...{ id: 'track', kind: 'bar' },
            cues: [
              {
                ...{ id: 'bar', start: 0, duration: 600_000, layer: 0, unsafe: true },
                shape: { type: 'rectangle', color: '#ffffff' },
                properties: { position: { anchor: 'top-left', x: 0, y }, size: { width: 640, height: 30 } },
              },
            ],
          },
        ],
      },
    ],
  })
  const made = (id: string, frames: number, source: string, y: number) => {
    const duration = (frames * 1_000) / FPS
    const cues = [{ id: 'only', start: 0, duration, camera: source, overlay: 'lower' }]
    return packageOf(segmentFiles(segmentOf({ id, name: id, duration, timeline: { cues } }), bar(id, y)))
  }
  let frames: Buffer[] = []
  let bars: { top: boolean[]; bottom: boolean[] } = { top: [], bottom: [] }
  const camera = new RtspCamera({ size: 'small' })

  beforeAll(async () => {
    await camera.start()
    const { url, username, password } = camera
    await ask('POST', '/cameras', { name: 'Harbour', url, username, password, mode: 'hot' })
    const source = async () => (await get<Program>('/program')).source
    await ask('POST', '/program/take', { source: 'slate' })
    await until('the slate is on air', async () => (await source()) === 'slate')
    for (const content of [made('top', 45, 'slate', 0), made('bottom', 30, 'Harbour', 330), made('sold', 9, 'Sold', 0)])
      expect((await upload(content)).status).toBe(201)
    const recording = (await ask<Recording>('POST', '/recordings/start', {})).body
    await until('it records', async () => (await get<Recording>(`/recordings/${recording.id}`)).bytes > 0)
    const cameras = async () => (await get<Camera[]>('/cameras')).every(({ state }) => state.status === 'online')
    await until('the camera is there', cameras, { timeoutMs: 20_000 })
    await ask('POST', '/program/take', { source: 'Harbour' })
    await until('the camera is on air', async () => (await source()) !== 'slate')
    for (const id of ['top', 'bottom', 'sold']) expect((await ask('POST', `/segments/${id}/queue`)).status).toBe(200)
    const ended = async () => (await get<Event[]>('/events?type=queue.ended')).length > 0
    await until('the queue has ended', ended, { timeoutMs: 20_000 })
    await until('the camera is back', async () => (await source()) !== 'slate')
    await ask('POST', '/recordings/stop', {})
    const folder = join(stage.control.paths.recordings, recording.id)
    const file = join(media.path, 'show.ts')
    const pieces = readdirSync(folder).sort()
    writeFileSync(file, Buffer.concat(pieces.map(piece => readFileSync(join(folder, piece)))))
    expect(await decodeErrors(file)).toBe('')
    frames = await thumbnails(file, 32, 18)
    const white = async (y: number) => (await planeAt(file, 'y', 420, y)).map(level => level > 225)
    bars = { top: await white(15), bottom: await white(345) }
  }, 60_000)
  afterAll(() => camera.stop())

  /** Without the rows where bars are. */
  const middle = (frame: Buffer) => frame.subarray(32 * 4, 32 * 14)
  const isSlate = (n: number): boolean => {
    const [now, slate] = [middle(frames[n] ?? Buffer.alloc(0)), middle(frames[0] ?? Buffer.alloc(0))]
    return now.reduce((sum, value, m) => sum + Math.abs(value - (slate[m] ?? 0)), 0) / now.length < 4
  }

  it('is one behind another on the frame, the slate for what cannot be shown, and then the camera as before', async () => {
    const seen = frames.map((_, n) => {
      const source = isSlate(n) ? 'slate' : 'camera'
      return `${source}${bars.top[n] ? ' top' : ''}${bars.bottom[n] ? ' bottom' : ''}`
    })
    const runs: [string, number][] = []
    for (const what of seen) {
      const last = runs.at(-1)
      if (last?.[0] === what) last[1]++
      else runs.push([what, 1])
    }
    expect(runs).toEqual([
      ['slate', expect.any(Number)],
      ['camera', expect.any(Number)],
      ['slate top', 45],
      ['camera bottom', 30],
      ['slate', 150],
      ['camera', expect.any(Number)],
    ])
    expect(frames.filter(one => one.reduce((sum, value) => sum + value, 0) / one.length < 16)).toEqual([])
    const [failed] = await get<Event[]>('/events?type=segment.failed')
    expect(failed).toMatchObject({ severity: 'error', message: expect.stringContaining('There is no camera Sold.') })
  })
})
