import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Sprite } from '../../runtime/engine/memory/sprite.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { Stage } from '../../runtime/engine/mixer/stage.ts'
import { spritesWithin } from '../../runtime/ocl/window.ts'
import { documentOf } from './ocl-arbitrary.ts'

const CHANGES = 3_000
const MEGABYTE = 1_048_576

setFlagsFromString('--expose-gc')
// Collections as frequent as these would make V8 put short-lived things among the old ones by itself.
setFlagsFromString('--no-allocation-site-pretenuring')
const gc = runInNewContext('gc') as (how: { type: 'minor' | 'major' }) => void

/** What has outlived the short collections. */
function old(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')
  return space?.space_used_size ?? 0
}

const bitmap = (key: string): Sprite => ({ key, width: 2, height: 2, y: 0, u: 0, v: 0, a: 0, ac: 0 })

test('versions that are over leave nothing behind for a long collection, which the mixer hardly ever has', () => {
  const stage = new Stage({ width: 64, height: 32 }, new FrameTimes({ num: 30, den: 1 }))
  const automation = [
    {
      property: 'opacity',
      keyframes: [
        { at: 0, value: 0.5 },
        { at: 1e9, value: 1 },
      ],
    },
  ]
  const words = (n: number) =>
    documentOf([{ id: 'c', start: 0, duration: 1e9, layer: 0, text: { value: `Score ${n}` }, automation }])
  const change = (n: number) => {
    const document = words(n)
    const sprites = spritesWithin(document, {}, 0, 1).specs.map(({ key }) => bitmap(key))
    stage.set([{ version: n, overlay: { id: 'o', document, startedAt: 0, context: {}, sprites } }])
    for (let frame = 0; frame < 3; frame++) {
      stage.seek(n * 100 + frame)
      stage.aired(n * 3 + frame, n * 100 + frame, false)
    }
    stage.report()
    if (n % 50 === 0) gc({ type: 'minor' })
  }
  for (let n = 0; n < CHANGES / 3; n++) change(n)
  gc({ type: 'major' })
  const before = old()
  for (let n = CHANGES / 3; n < CHANGES; n++) change(n)
  expect(stage.players.get('o')?.placed).toHaveLength(1)
  expect(old() - before).toBeLessThan(MEGABYTE)
})
