import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event, OverlaySummary, Problem, Segment, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { ApiStage } from '../peers/api-stage.ts'
import { OLDER } from '../peers/older-segments.ts'
import { scratch, until } from '../peers/run.ts'
import { segmentFiles, segmentOf } from '../peers/segment-package.ts'
import { type Packed, withChecksums, zipOf } from '../peers/zip.ts'

/** Packages on the whole product: by HTTP and from a stick, good, bad and old, none of their addresses reachable. */
const stage = new ApiStage('segments')
const { ask, get } = stage
const media = scratch('media')
const trusted = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')

beforeAll(async () => {
  await stage.begin()
  const { x = '' } = trusted.publicKey.export({ format: 'jwk' })
  const segments = { mediaFolder: media.path, keys: [Buffer.from(x, 'base64url').toString('base64')] }
  expect((await ask('PATCH', '/settings', { segments })).status).toBe(200)
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
