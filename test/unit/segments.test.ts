import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Problem, Segment, SegmentQueue } from '../../runtime/contract/generated/openapi.v1.ts'
import { RemovableMedia } from '../../runtime/control/segments/media.ts'
import { until } from '../peers/run.ts'
import { lowerThird, PICTURE, packageOf, segmentFiles, segmentOf } from '../peers/segment-package.ts'
import { SegmentStage } from '../peers/segment-stage.ts'
import { withChecksums, zipOf } from '../peers/zip.ts'

let stage: SegmentStage

beforeEach(async () => {
  stage = new SegmentStage()
  await stage.begin()
})
afterEach(() => stage.end())

const version = (version: number, more: object = {}) => packageOf(segmentFiles(segmentOf({ version, ...more })))
const incoming = () => readdirSync(stage.segments.incoming)

describe('POST /segments', () => {
  it('takes a package: a timeline, its overlays, and their files where those of all overlays are', async () => {
    const { status, body } = await stage.upload<Segment>(packageOf())
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...{ id: 'morning', version: 1, name: 'Morning show', duration: 10_000, source: 'upload', signed: false },
      ...{ addedBy: 'ann', timeline: 'TL1', cues: 2, overlays: ['morning.lower'], files: 1, notes: [] },
    })
    expect(stage.overlays.get('morning.lower')).toEqual(lowerThird())
    expect(stage.timelines.get('TL1')?.cues.map(({ overlay }) => overlay)).toEqual([
      'morning.lower',
      { id: 'morning.lower', scene: 'main' },
    ])
    expect(stage.segments.ofOverlay('morning.lower')).toEqual({ id: 'morning', version: '1' })
    expect(stage.segments.ofOverlay('lower')).toBeNull()
    // The file came with the package: the network was not asked.
    const document = { ...lowerThird(), scenes: [] } as Parameters<typeof stage.assets.stateOf>[0]
    expect(stage.assets.stateOf(document)).toMatchObject({ status: 'ready' })
    expect(readFileSync(stage.assets.assets.here(document).logo ?? '')).toEqual(PICTURE)
    expect(stage.assets.resolved).toEqual([])
    expect(await stage.assets.ask('getAssetCache')).toMatchObject({ files: [{ pinned: true }] })
    expect((await stage.ask<Segment[]>('GET', '/segments')).body).toEqual([body])
    expect((await stage.ask<Segment>('GET', '/segments/morning')).body).toEqual(body)
    expect(readdirSync(stage.path)).toEqual([`${body.sha256}.vseg`, 'incoming'].toSorted())
    await until('nothing lies about', () => incoming().length === 0)
  })

  it('changes nothing for one that is not whole, and says which file is why', async () => {
    const files = withChecksums(segmentFiles())
    const bad = zipOf(files.map(each => (each.name === 'ocl/lower.json' ? { ...each, content: '{}' } : each)))
    const { status, body } = await stage.upload<Problem & { file: string }>(bad)
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'SEGMENT_CHECKSUM', file: 'ocl/lower.json' })
    expect(stage.told('segment.rejected')).toEqual([
      'The segment package that was uploaded was rejected: ocl/lower.json is not what checksums.json says.',
    ])
    expect([stage.overlays.size, stage.timelines.size]).toEqual([0, 0])
    expect((await stage.upload<Problem>('no zip at all')).body.code).toBe('SEGMENT_UNREADABLE')
    expect((await stage.ask<Segment[]>('GET', '/segments')).body).toEqual([])
    await until('nothing lies about', () => incoming().length === 0)
  })

  it('undoes what was begun when it cannot be finished', async () => {
    stage.refuses = true
    expect((await stage.upload<Problem>(packageOf())).status).toBe(500)
    expect([stage.overlays.size, stage.timelines.size]).toEqual([0, 0])
    expect(readdirSync(stage.path)).toEqual(['incoming'])
    stage.refuses = false
    expect((await stage.upload<Problem>(packageOf())).status).toBe(201)
  })

  it('refuses a file of a package that is not what its overlay says', async () => {
    const overlay = lowerThird()
    const assets = overlay.assets.map(asset => ({ ...asset, mediaType: 'image/png' }))
    const { body } = await stage.upload<Problem>(packageOf(segmentFiles(segmentOf(), { ...overlay, assets })))
    expect(body).toMatchObject({
      code: 'SEGMENT_INVALID',
      detail: 'assets/logo.svg cannot be used: It is not image/png.',
    })
  })

  it('takes an older segment that is one JSON file, without its login, and with the camera that is here', async () => {
    const path = 'rtmp://admin:hunter2@192.168.86.22/bcs/channel0_main.bcs?channel=0&user=admin&password=hunter2'
    const clip = { id: 'c', startTime: 0, endTime: 60, asset: { type: 'static', path } }
    const old = { id: 'old-one', name: 'Old', duration: 60, tracks: [{ id: 't', type: 'video', clips: [clip] }] }
    const { status, body } = await stage.upload<Segment>(JSON.stringify(old))
    expect(status).toBe(201)
    expect(body.notes.map(({ code }) => code)).toEqual(['OLD_FORMAT', 'CREDENTIALS'])
    expect(stage.timelines.get('TL1')?.cues).toEqual([{ id: 'c', start: 0, duration: 60_000, camera: 'CAM1' }])
    expect(JSON.stringify([body, stage.events, [...stage.timelines]])).not.toContain('hunter2')
    expect((await stage.upload<Problem>('{"id": "x"}')).body.code).toBe('SEGMENT_UNREADABLE')
  })

  it('needs the form, its field, and the role', async () => {
    expect((await stage.upload<Problem>(packageOf(), 'file')).body).toMatchObject({ code: 'BAD_REQUEST' })
    expect((await stage.ask<Problem>('POST', '/segments', { package: '/etc/passwd' })).status).toBeGreaterThanOrEqual(
      400,
    )
    stage.role = 'viewer'
    expect((await stage.upload<Problem>(packageOf())).status).toBe(403)
    expect((await stage.ask<Segment[]>('GET', '/segments')).body).toEqual([])
    expect(incoming()).toEqual([])
  })
})

describe('a segment', () => {
  it('that comes again is the same; another version takes its place, with the same timeline', async () => {
    const first = await stage.upload<Segment>(version(1))
    expect((await stage.upload<Segment>(version(1))).body).toEqual(first.body)
    expect(stage.told('segment.added')).toHaveLength(1)
    const overlay = JSON.stringify(lowerThird('Other'))
    const files = [
      {
        name: 'segment.json',
        content: JSON.stringify(segmentOf({ version: 2, overlays: ['ocl/other.json'], timeline: { cues: [] } })),
      },
      { name: 'ocl/other.json', content: overlay },
    ]
    const second = await stage.upload<Segment>(packageOf(files))
    expect(second.body).toMatchObject({ version: 2, timeline: 'TL1', overlays: ['morning.other'] })
    expect([...stage.overlays.keys()]).toEqual(['morning.other'])
    expect(readdirSync(stage.path)).toEqual([`${second.body.sha256}.vseg`, 'incoming'].toSorted())
    expect(stage.told('segment.replaced')[0]).toContain('version 2, was replaced (version 1 before)')
  })

  it('stays as it was, whole, where the show refuses something of its next version', async () => {
    const { body: first } = await stage.upload<Segment>(version(1))
    const state = () => JSON.stringify([...stage.overlays, ...stage.timelines])
    const before = state()
    const cues = [{ id: 'wide', start: 0, duration: 9_000, camera: 'slate', overlay: 'ocl/lower.json' }]
    const next = [
      ...segmentFiles(
        segmentOf({ version: 2, overlays: ['ocl/lower.json', 'ocl/more.json'], timeline: { cues } }),
        lowerThird('Second'),
      ),
      { name: 'ocl/more.json', content: JSON.stringify(lowerThird('More')) },
    ]
    for (const part of ['9000', 'Second', 'More']) {
      stage.refuses = part
      expect((await stage.upload<Problem>(packageOf(next))).status).toBe(500)
      expect([part, state()]).toEqual([part, before])
    }
    expect((await stage.ask<Segment[]>('GET', '/segments')).body).toEqual([first])
    expect(readdirSync(stage.path)).toEqual([`${first.sha256}.vseg`, 'incoming'].toSorted())
    stage.refuses = false
    expect((await stage.upload<Segment>(packageOf(next))).body.version).toBe(2)
  })

  it('plays, and is neither changed nor deleted meanwhile', async () => {
    await stage.upload(version(1))
    const { body } = await stage.ask<SegmentQueue>('POST', '/segments/morning/play', {})
    expect(body).toMatchObject({ playing: { segment: 'morning', duration: 10_000 }, entries: [], after: 'Slate' })
    expect((await stage.ask<Problem>('DELETE', '/segments/morning')).body.code).toBe('CONFLICT')
    expect((await stage.upload<Problem>(version(2))).body.code).toBe('CONFLICT')
    expect((await stage.ask<Problem>('POST', '/segments/none/play', {})).status).toBe(404)
  })

  it('whose timeline somebody deleted is played all the same', async () => {
    await stage.upload(version(1))
    stage.timelines.clear()
    expect((await stage.ask<SegmentQueue>('POST', '/segments/morning/play')).body.playing?.segment).toBe('morning')
    expect((await stage.ask<Segment>('GET', '/segments/morning')).body.timeline).toBe([...stage.timelines.keys()][0])
  })

  it('is deleted with all that came with it, also when some of it is gone already', async () => {
    const { body } = await stage.upload<Segment>(version(1))
    stage.overlays.clear()
    expect((await stage.ask('DELETE', '/segments/morning')).status).toBe(204)
    expect([stage.timelines.size, existsSync(join(stage.path, `${body.sha256}.vseg`))]).toEqual([0, false])
    expect(await stage.assets.ask('getAssetCache')).toMatchObject({ files: [{ pinned: false }] })
    expect((await stage.ask('GET', '/segments/morning')).status).toBe(404)
  })

  it('gives a file that the disk has spoilt once more, without a network', async () => {
    await stage.upload(version(1))
    const document = { ...lowerThird(), scenes: [] } as Parameters<typeof stage.assets.stateOf>[0]
    const file = stage.assets.assets.here(document).logo ?? ''
    writeFileSync(file, 'spoilt')
    await stage.assets.assets.lookAfter()
    await until('it is whole again', () => existsSync(file) && readFileSync(file).equals(PICTURE))
    expect(stage.assets.told('asset.damaged')).toHaveLength(1)
    expect(stage.assets.resolved).toEqual([])
  })

  it('is there after a restart, and leftovers are not', async () => {
    const { body } = await stage.upload<Segment>(version(1))
    writeFileSync(join(stage.path, 'left.vseg'), 'x')
    writeFileSync(join(stage.segments.incoming, 'half.part'), 'x')
    stage.again()
    expect(stage.segments.list()).toEqual([body])
    expect([existsSync(join(stage.path, 'left.vseg')), incoming()]).toEqual([false, []])
  })
})

describe('removable media', () => {
  const medium = () => {
    const brought: string[] = []
    const watch = new RemovableMedia({
      folder: () => stage.media.path,
      incoming: stage.segments.incoming,
      take: async (file, name) => brought.push(`${name} ${readFileSync(file, 'latin1')}`),
      record: event => stage.events.push(event),
    })
    return { watch, brought }
  }

  it('give each package once, when it is complete, and again when it is put in again', async () => {
    const { watch, brought } = medium()
    mkdirSync(join(stage.media.path, 'STICK', 'shows'), { recursive: true })
    stage.putIn('STICK/shows/a.vseg', Buffer.from('ha'))
    await watch.look()
    stage.putIn('STICK/shows/a.vseg', Buffer.from('half'))
    await watch.look()
    expect(brought).toEqual([])
    for (let n = 0; n < 3; n++) await watch.look()
    expect(brought).toEqual(['STICK/shows/a.vseg half'])
    stage.putIn('STICK/shows/a.vseg', Buffer.from('whole'))
    for (let n = 0; n < 3; n++) await watch.look()
    expect(brought.slice(1)).toEqual(['STICK/shows/a.vseg whole'])
    watch.stop()
    expect(incoming()).toEqual([])
  })

  it('are searched for packages only: no links, no hidden files, nothing else', async () => {
    const { watch, brought } = medium()
    writeFileSync(join(stage.media.path, 'readme.txt'), 'x')
    writeFileSync(join(stage.media.path, '.hidden.vseg'), 'x')
    writeFileSync(join(stage.path, 'secret'), 'x')
    symlinkSync(join(stage.path, 'secret'), join(stage.media.path, 'link.vseg'))
    symlinkSync(stage.path, join(stage.media.path, 'folder'))
    for (let n = 0; n < 3; n++) await watch.look()
    expect(brought).toEqual([])
    watch.stop()
  })

  it('bring segments by themselves; older versions replace nothing, and a bad one is told with its name', async () => {
    await stage.upload(version(10))
    stage.putIn('old.vseg', version(9))
    stage.putIn('other.vseg', version(1, { id: 'evening', name: 'Evening' }))
    stage.putIn('bad.vseg', Buffer.from('PK nothing'))
    stage.settings.mediaFolder = stage.media.path
    stage.again()
    await until(
      'the new one is there',
      () => stage.segments.list().length === 2 && stage.told('segment.rejected').length > 0,
    )
    expect(stage.segments.list().map(({ id, version, source, addedBy }) => [id, version, source, addedBy])).toEqual([
      ['evening', 1, 'media', 'removable media'],
      ['morning', 10, 'upload', 'ann'],
    ])
    expect(stage.told('segment.rejected')).toEqual([
      expect.stringMatching(/^The segment package bad\.vseg was rejected: /),
    ])
  })
})
