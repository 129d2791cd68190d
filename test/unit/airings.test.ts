import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { Airings as Kept } from '../../runtime/control/proof/airings.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { Airings } from '../../runtime/engine/mixer/airings.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch } from '../peers/run.ts'

const WALL = 1e12
const logo = { cue: 'logo', asset: 'a', sha256: 'f00d' }
const words = { cue: 'words' }

describe('the mixer counts what is on air', () => {
  let airings: Airings
  beforeEach(() => {
    airings = new Airings(new FrameTimes({ num: 25, den: 1 }))
  })
  const saw = (n: number, ...shown: object[]) =>
    airings.saw(new Map([['o', { id: 'o', seen: shown as never }]]), n, WALL + n * 40)

  test('from its first frame to its last, each cue and each asset apart', () => {
    const both = [logo, words]
    for (let n = 5; n < 10; n++) saw(n, ...both)
    expect(airings.take()).toEqual([])
    for (let n = 10; n < 12; n++) saw(n, words)
    const first = { ...logo, overlay: 'o', firstAt: WALL + 200, lastAt: WALL + 360, frames: 5, ended: true }
    expect(airings.take()).toEqual([first])
    airings.saw(new Map(), 12, WALL + 480)
    expect(airings.take()).toEqual([
      { ...words, overlay: 'o', firstAt: WALL + 200, lastAt: WALL + 440, frames: 7, ended: true },
    ])
    expect(airings.take()).toEqual([])
  })

  test('frames shown again count, frames left out do not; the same cue twice is two', () => {
    saw(0, logo)
    airings.again(1)
    airings.again(2)
    saw(10, logo)
    saw(11)
    saw(12, logo)
    saw(13)
    expect(airings.take().map(({ firstAt, lastAt, frames }) => [firstAt - WALL, lastAt - WALL, frames])).toEqual([
      [0, 400, 4],
      [480, 480, 1],
    ])
  })

  test('one whose content changes is another one', () => {
    saw(0, logo)
    saw(1, { ...logo, sha256: 'beef' })
    saw(2)
    expect(airings.take()).toMatchObject([
      { sha256: 'f00d', frames: 1 },
      { sha256: 'beef', frames: 1 },
    ])
  })

  test('one that lasts is told every ten minutes', () => {
    const told: number[] = []
    const shown = [logo]
    for (let n = 0; n < 25 * 60 * 21; n += 25) {
      airings.saw(new Map([['o', { id: 'o', seen: shown }]]), n, WALL + n * 40)
      for (const { ended, frames } of airings.take()) told.push(ended ? -1 : frames)
    }
    expect(told).toEqual([601, 1_201])
  })
})

describe('control keeps it', () => {
  const folder = scratch('airings')
  afterAll(() => rmSync(folder.path, { recursive: true, force: true }))
  const log = createLog('test', 'silent')
  const airing = { program: 'main', overlay: 'o', ...logo, firstAt: WALL, lastAt: WALL + 80, frames: 3, ended: false }

  test('the last word of each counts, over a restart, too', async () => {
    const file = join(folder.path, 'a.db')
    let store = await openStore(file, systemClock)
    let kept = new Kept({ sql: store, log })
    kept.heard({ data: airing })
    kept.heard({ data: { ...airing, lastAt: WALL + 4_000, frames: 101, ended: true } })
    kept.heard({ data: { ...airing, ...words, asset: undefined, sha256: undefined } })
    kept.heard({ data: { nonsense: true } })
    await kept.stop()
    await store.close()
    store = await openStore(file, systemClock)
    kept = new Kept({ sql: store, log })
    expect(await kept.list(WALL, WALL + 1)).toEqual([
      { ...airing, lastAt: WALL + 4_000, frames: 101, ended: true },
      { ...airing, cue: 'words', asset: null, sha256: null },
    ])
    expect(await kept.list(WALL + 4_001, WALL + 9_000)).toEqual([])
    expect(await kept.list(0, WALL)).toEqual([])
    await store.close()
  })

  test('what finds no room is written once there is some; a great many are bounded', async () => {
    const store = await openStore(join(folder.path, 'b.db'), systemClock)
    let full = true
    const sql = {
      all: store.all.bind(store) as typeof store.all,
      run: (text: string, ...values: never[]) =>
        full ? Promise.reject(new Error('SQLITE_FULL')) : store.run(text, ...values),
    }
    const kept = new Kept({ sql: sql as never, log, kept: 10 })
    kept.heard({ data: airing })
    await kept.settled()
    full = false
    for (let n = 1; n <= 1_001; n++) kept.heard({ data: { ...airing, firstAt: WALL + n } })
    await kept.settled()
    const rows = await kept.list(0, WALL * 2)
    expect(rows.length).toBeLessThan(20)
    expect(rows.at(-1)?.firstAt).toBe(WALL + 1_001)
    await kept.stop()
    await store.close()
  })
})
