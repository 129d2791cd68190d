import { beforeEach, describe, expect, test } from 'vitest'
import { Airings } from '../../runtime/engine/mixer/airings.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { DeskStage } from './desk-stage.ts'

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
    for (let n = 5; n < 8; n++) saw(n, ...both)
    const begun = { overlay: 'o', firstAt: WALL + 200, lastAt: WALL + 280, frames: 3, ended: false }
    expect(airings.take()).toEqual([
      { ...logo, ...begun },
      { ...words, ...begun },
    ])
    for (let n = 8; n < 10; n++) saw(n, ...both)
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

  test('one that lasts is told at its first frame and every five seconds', () => {
    const told: number[] = []
    const shown = [logo]
    for (let n = 0; n < 25 * 12; n++) {
      airings.saw(new Map([['o', { id: 'o', seen: shown }]]), n, WALL + n * 40)
      for (const { ended, frames } of airings.take()) told.push(ended ? -1 : frames)
    }
    expect(told).toEqual([1, 126, 251])
  })
})

test('so are the pictures beneath: of each source its first frame, its last, and how many', () => {
  const stage = new DeskStage()
  stage.source('a', 50)
  stage.source('b', 200)
  stage.list()
  stage.take({ id: '1', source: 'a' })
  stage.tick(3)
  const first = stage.desk.report(stage.n, 0).pictures
  const begun = stage.n
  stage.take({ id: '2', source: 'b' })
  stage.tick(5)
  stage.desk.repeat(stage.n++, stage.due(stage.n), () => stage.due())
  stage.take({ id: '3', source: 'a' })
  stage.tick(2)
  const [a, b, ...more] = stage.desk.report(stage.n, 0).pictures.filter(({ ended }) => ended)
  expect(more).toEqual([])
  expect([...first, a].at(-1)).toMatchObject({ cue: 'a', lastAt: 1e12 + (begun - 1) * 40, ended: true })
  const shown = { firstAt: 1e12 + begun * 40, lastAt: 1e12 + (begun + 5) * 40, frames: 6, ended: true }
  expect(b).toMatchObject({ cue: 'b', ...shown })
  expect(stage.desk.report(stage.n, 0).pictures).toEqual([])
})
