import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { EvidencePictures } from '../../runtime/control/proof/pictures.ts'
import { Telling, wayInOf } from '../../runtime/engine/telling.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'

const folder = scratch('evidence')
afterAll(() => rmSync(folder.path, { recursive: true, force: true }))

const airing = (frames: number, ended: boolean, more: object = {}) => ({
  ...{ overlay: 'o', cue: 'c', asset: 'a', sha256: 'f00d', firstAt: 1_000 },
  ...{ lastAt: 1_000 + (frames - 1) * 40, frames, ended, ...more },
})

function stage(documentOf: (id: string) => OclDocument | undefined = () => undefined) {
  const told: [number, unknown, unknown][] = []
  const asked: number[] = []
  const taken: ((picture: string | undefined) => void)[] = []
  const telling = new Telling({
    program: 'main',
    event: ({ data }) => {
      const { frames, ended, picture } = data as { frames: number; ended: boolean; picture?: string }
      told.push([frames, ended, picture])
    },
    evidence: {
      at: at => {
        asked.push(at)
        return new Promise(done => taken.push(done))
      },
    },
    documentOf,
  })
  const tell = (...airings: ReturnType<typeof airing>[]) => telling.tell({ airings, pictures: [] })
  const take = async (picture: string | undefined) => {
    taken.shift()?.(picture)
    await Promise.resolve()
  }
  return { told, asked, tell, take, left: () => taken.length }
}

describe('what is told of something on air has its picture', () => {
  test('as soon as there is one, also when it has left the air meanwhile', async () => {
    const { told, tell, take, asked } = stage()
    tell(airing(1, false))
    tell(airing(126, false))
    await take('p')
    tell(airing(251, true))
    tell(airing(1, true, { cue: 'quick' }))
    await take('q')
    expect(told).toEqual([
      [1, false, undefined],
      [126, false, undefined],
      [251, true, 'p'],
      [1, true, undefined],
      [1, true, 'q'],
    ])
    expect(asked).toEqual([1_000, 1_000])
  })

  test('none of words and shapes, none where it failed, none that shows what came after', async () => {
    const slow = documentOf({ in: { type: 'fade', duration: '800ms' } })
    const { told, tell, take, left, asked } = stage(() => slow)
    tell(airing(1, false, { asset: undefined }))
    expect(left()).toBe(0)
    tell(airing(2, true))
    await take('after')
    tell(airing(30, true, { firstAt: 9_000, lastAt: 10_200 }))
    await take(undefined)
    expect(asked).toEqual([1_800, 9_800])
    expect(told.map(([, , picture]) => picture)).toEqual([undefined, undefined, undefined])
  })
})

const documentOf = (transition: object): OclDocument => ({
  ocl: '1.0',
  timeline: { id: 't', version: 1, frameRate: 25, resolution: { width: 64, height: 64 } },
  scenes: [
    {
      ...{ id: 's', start: 0 },
      tracks: [{ id: 'k', kind: 'any', cues: [{ id: 'c', start: 0, duration: '5s', layer: 0, transition }] as never }],
    },
  ],
})

test('the way in of a cue: the time of its transition', () => {
  expect(wayInOf(documentOf({ in: { type: 'fade', duration: '10f' } }), 'c')).toBe(400)
  expect(wayInOf(documentOf({ in: { type: 'fade', duration: '1m' } }), 'c')).toBeLessThanOrEqual(5_000)
  expect(wayInOf(documentOf({ in: { type: 'cut', duration: '10f' } }), 'c')).toBe(0)
  expect(wayInOf(documentOf({ out: { type: 'fade', duration: '10f' } }), 'c')).toBe(0)
  expect(wayInOf(undefined, 'c')).toBe(0)
})

test('pictures are kept within their quota, the oldest go first; what is no picture is not touched', async () => {
  mkdirSync(folder.path, { recursive: true })
  const name = (n: number) => `${createHash('sha256').update(`${n}`).digest('hex')}.jpg`
  for (let n = 0; n < 10; n++) {
    writeFileSync(join(folder.path, name(n)), Buffer.alloc(1_000))
    utimesSync(join(folder.path, name(n)), 1_000 + n, 1_000 + n)
  }
  writeFileSync(join(folder.path, 'notes.txt'), Buffer.alloc(50_000))
  const pictures = new EvidencePictures({ folder: folder.path, log: createLog('test', 'silent'), quota: 4_500 })
  await pictures.tidy()
  expect(readdirSync(folder.path).sort()).toEqual([...[6, 7, 8, 9].map(name), 'notes.txt'].sort())
  pictures.start()
  await pictures.stop()
  expect(existsSync(join(folder.path, name(6)))).toBe(true)
})
