import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { Archive } from '../../runtime/control/segments/package/archive.ts'
import { LIMITS, type Limits } from '../../runtime/control/segments/package/limits.ts'
import { readPackage } from '../../runtime/control/segments/package/read.ts'
import type { Trust } from '../../runtime/control/segments/package/signature.ts'
import { scratch } from '../peers/run.ts'
import { lowerThird, packageOf, segmentFiles, segmentOf } from '../peers/segment-package.ts'
import { type Packed, withChecksums, zipOf } from '../peers/zip.ts'

let folder: ReturnType<typeof scratch>

beforeEach(() => {
  folder = scratch('segment')
  mkdirSync(join(folder.path, 'inside'))
})
afterEach(() => folder.remove())

const NOBODY: Trust = { keys: [], signedOnly: false }

async function read(zip: Buffer, { trust = NOBODY, limits = {} }: { trust?: Trust; limits?: Partial<Limits> } = {}) {
  const file = join(folder.path, 'inside', 'test.vseg')
  writeFileSync(file, zip)
  const rules = { ...LIMITS, ...limits }
  const archive = await Archive.open(file, rules)
  try {
    return await readPackage(archive, { trust, limits: rules, upgrade: () => undefined })
  } finally {
    archive.close()
  }
}

const refused = (zip: Buffer, options: Parameters<typeof read>[1] = {}) =>
  read(zip, options).then(
    () => 'taken',
    error => (error instanceof VistterError ? `${error.code} ${error.extra.file ?? '-'}` : `a bug: ${error}`),
  )

const file = (name: string, content: Buffer | string = 'x', more: Partial<Packed> = {}): Packed => ({
  name,
  content,
  ...more,
})
const bare = (...more: Packed[]) => zipOf(withChecksums([...segmentFiles(), ...more]))

describe('a package', () => {
  it('is read as a whole: its segment, overlays and the checksums of all files', async () => {
    const { segment, timeline, overlays, files, signed, notes } = await read(packageOf())
    expect(segment).toMatchObject({ id: 'morning', version: 1 })
    expect(timeline).toMatchObject({ name: 'Morning', gap: 'hold' })
    expect(timeline).not.toHaveProperty('id')
    expect(timeline.cues.map(({ overlay }) => overlay)).toEqual([
      'morning.lower',
      { id: 'morning.lower', scene: 'main' },
    ])
    expect(overlays.map(({ file, id }) => [file, id])).toEqual([['ocl/lower.json', 'morning.lower']])
    expect([...files.keys()]).toEqual(['segment.json', 'ocl/lower.json', 'assets/logo.svg'])
    expect([signed, notes]).toEqual([false, []])
  })

  it('is refused for names that lead out of it, and writes nothing', async () => {
    const names = [
      '../evil',
      'a/../../evil',
      '/etc/evil',
      'C:evil',
      'a\\..\\evil',
      './a',
      'a//b',
      'a\u0000b',
      'x\u001b[2J',
    ]
    for (const name of names) expect(await refused(bare(file(name))), name).toMatch(/^SEGMENT_UNSAFE /)
    expect(await refused(bare(file('../evil')))).toBe('SEGMENT_UNSAFE ../evil')
    expect(readdirSync(folder.path)).toEqual(['inside'])
    expect(readdirSync(join(folder.path, 'inside'))).toEqual(['test.vseg'])
  })

  it('is refused for links, doubles, passwords', async () => {
    expect(await refused(bare(file('assets/link', '/etc/passwd', { mode: 0o120777 })))).toBe(
      'SEGMENT_UNSAFE assets/link',
    )
    expect(await refused(bare(file('ASSETS/Logo.svg')))).toBe('SEGMENT_UNSAFE ASSETS/Logo.svg')
    expect(await refused(bare(file('assets/x', 'x', { encrypted: true })))).toBe('SEGMENT_UNREADABLE assets/x')
  })

  it('is refused for being a bomb: by ratio, by size, by count, by saying too little', async () => {
    const zeros = Buffer.alloc(4_000_000)
    expect(await refused(bare(file('assets/bomb', zeros)))).toBe('SEGMENT_UNSAFE assets/bomb')
    const small = { limits: { unpackedBytes: 3_000 } }
    expect(await refused(bare(file('a', 'y'.repeat(2_000)), file('b', 'z'.repeat(2_000))), small)).toMatch(
      /^SEGMENT_TOO_LARGE /,
    )
    expect(await refused(bare(...['a', 'b', 'c'].map(name => file(name))), { limits: { files: 6 } })).toBe(
      'SEGMENT_TOO_LARGE -',
    )
    expect(await refused(packageOf(), { limits: { jsonBytes: 100 } })).toBe('SEGMENT_TOO_LARGE checksums.json')
    expect(await refused(packageOf(), { limits: { packageBytes: 100 } })).toBe('SEGMENT_TOO_LARGE -')
    const liar = file('assets/liar', Buffer.alloc(500_000), { claimedSize: 10 })
    expect(await refused(bare(liar))).toBe('SEGMENT_UNREADABLE assets/liar')
  })

  it('is refused where a checksum is wrong, missing, or of nothing', async () => {
    const files = withChecksums(segmentFiles())
    const changed = files.map(each => (each.name === 'assets/logo.svg' ? { ...each, content: 'other' } : each))
    expect(await refused(zipOf(changed))).toBe('SEGMENT_CHECKSUM assets/logo.svg')
    expect(await refused(zipOf([...files, file('assets/added')]))).toBe('SEGMENT_CHECKSUM assets/added')
    expect(await refused(zipOf(files.filter(({ name }) => name !== 'assets/logo.svg')))).toBe(
      'SEGMENT_CHECKSUM assets/logo.svg',
    )
    expect(await refused(zipOf(segmentFiles()))).toBe('SEGMENT_CHECKSUM checksums.json')
    expect(await refused(zipOf([...segmentFiles(), file('checksums.json', '[]')]))).toBe(
      'SEGMENT_INVALID checksums.json',
    )
  })

  it('is refused for a signature that no trusted key has made', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
    const files = withChecksums(segmentFiles())
    const signature = sign(null, Buffer.from(files.at(-1)?.content ?? ''), privateKey)
    const signedBy = (content: Buffer | string) => zipOf([...files, file('signature.ed25519', content)])
    const trust = { keys: [key], signedOnly: true }
    for (const form of [signature, signature.toString('base64'), `${signature.toString('hex')}\n`])
      expect((await read(signedBy(form), { trust })).signed).toBe(true)
    expect(await refused(signedBy(signature))).toBe('SEGMENT_SIGNATURE signature.ed25519')
    expect(await refused(signedBy(Buffer.alloc(64)), { trust })).toBe('SEGMENT_SIGNATURE signature.ed25519')
    expect(await refused(signedBy('junk'), { trust })).toBe('SEGMENT_SIGNATURE signature.ed25519')
    expect(await refused(zipOf(files), { trust })).toBe('SEGMENT_SIGNATURE signature.ed25519')
    expect((await read(zipOf(files), { trust: { ...trust, signedOnly: false } })).signed).toBe(false)
    const forged = withChecksums(segmentFiles(segmentOf({ name: 'Other' })))
    expect(await refused(zipOf([...forged, file('signature.ed25519', signature)]), { trust })).toBe(
      'SEGMENT_SIGNATURE signature.ed25519',
    )
  })

  it('is refused for another major version, and taken for another minor one', async () => {
    const version = (segment: unknown) => packageOf(segmentFiles(segmentOf({ segment })))
    expect(await refused(version('2.0'))).toBe('SEGMENT_VERSION segment.json')
    expect(await refused(version(2))).toBe('SEGMENT_VERSION segment.json')
    expect(await refused(version('1.7'))).toBe('taken')
    expect(await refused(version(null))).toBe('SEGMENT_INVALID segment.json')
  })

  it('is refused for a file that says nothing of use, with where it is', async () => {
    const timeline = { cues: [{ start: 0 }] }
    const broken = read(packageOf(segmentFiles(segmentOf({ timeline }))))
    await expect(broken).rejects.toThrow('segment.json /timeline/cues/0 lacks "duration"')
    const overlay = read(packageOf(segmentFiles(segmentOf(), { ...lowerThird(), assets: [] })))
    await expect(overlay).rejects.toMatchObject({ code: 'SEGMENT_INVALID', extra: { file: 'ocl/lower.json' } })
    expect(await refused(packageOf(segmentFiles(segmentOf({ overlays: ['ocl/none.json'] }))))).toBe(
      'SEGMENT_INVALID ocl/none.json',
    )
    expect(await refused(packageOf([file('segment.json', '{')]))).toBe('SEGMENT_INVALID segment.json')
    expect(await refused(packageOf([file('readme')]))).toBe('SEGMENT_INVALID segment.json')
  })

  it('loses the logins that are in it, and says where they were', async () => {
    const metadata = { source: 'rtsp://admin:pa:ss@w@10.0.0.9/s?user=a&channel=1&password=p', apiKey: 'k-123' }
    const { segment, notes } = await read(packageOf(segmentFiles(segmentOf({ metadata }))))
    expect(segment.metadata).toEqual({ source: 'rtsp://10.0.0.9/s?channel=1' })
    expect(notes.map(({ file, path, code }) => [file, path, code])).toEqual([
      ['segment.json', '/metadata/source', 'CREDENTIALS'],
      ['segment.json', '/metadata/apiKey', 'CREDENTIALS'],
    ])
  })

  it('keeps signed addresses of files in overlays, which are of no use without, and no login of a camera', async () => {
    const overlay = lowerThird('rtsp://admin:pass@cam/1')
    const assets = overlay.assets.map(asset => ({ ...asset, url: `${asset.url}?token=t-1` }))
    const { overlays, notes } = await read(packageOf(segmentFiles(segmentOf(), { ...overlay, assets })))
    expect(overlays[0]?.document.assets?.[0]?.url).toBe('https://studio.example/logo.svg?token=t-1')
    expect(overlays[0]?.document.scenes[0]?.tracks[0]?.cues[0]?.text?.value).toBe('rtsp://cam/1')
    expect(notes.map(({ file, path }) => file + path)).toEqual(['ocl/lower.json/scenes/0/tracks/0/cues/0/text/value'])
  })

  it('is read or refused with a code, whatever is done to its bytes', async () => {
    const whole = packageOf()
    const damage = fc.array(fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 0, max: 40 }), async (changes, cut) => {
        const zip = Buffer.from(whole)
        for (const [at, byte] of changes) zip[at] = byte
        expect(await refused(zip.subarray(0, zip.length - Math.max(0, cut - 20)))).toMatch(/^(taken$|SEGMENT_)/)
      }),
      { numRuns: 400 },
    )
    await fc.assert(
      fc.asyncProperty(fc.json(), async text => {
        expect(await refused(packageOf([file('segment.json', text)]))).toMatch(/^SEGMENT_/)
      }),
      { numRuns: 60 },
    )
  })
})
