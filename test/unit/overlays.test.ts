import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import { Assets } from '../../runtime/engine/graphics/assets.ts'
import { Patience } from '../../runtime/engine/graphics/patience.ts'
import { JobFailed } from '../../runtime/engine/graphics/renderer.ts'
import type { PreparedOverlay } from '../../runtime/engine/memory/sprite.ts'
import { Overlays } from '../../runtime/engine/overlays.ts'
import { createLog } from '../../runtime/lib/log.ts'

const folder = mkdtempSync(join(tmpdir(), 'vistter-overlays-'))
afterAll(() => rmSync(folder, { recursive: true }))

const overlay = (id: string, value: string, plays = true): Overlay => ({
  ...{ id, program: 'main', document: {}, assets: {}, tokens: { value } },
  ...(plays && { playing: { startedAt: 0 } }),
})

/** Draws an overlay when `next` is called; `shown` is what the mixer has, in the order it came. */
function drawn() {
  const waiting: (() => void)[] = []
  const [shown, released]: string[][] = [[], []]
  const name = ({ id, context }: PreparedOverlay) => `${id}=${context.tokens?.value}`
  const prepare = ({ id, tokens }: Overlay): Promise<PreparedOverlay> =>
    new Promise(resolve => {
      const document = { ocl: '1.0', timeline: { id, version: 1, frameRate: 30 }, scenes: [] } as never
      waiting.push(() => resolve({ id, document, startedAt: 0, context: { tokens }, sprites: [] }))
    })
  const overlays = new Overlays({
    picture: { width: 64, height: 64, frameRate: { num: 30, den: 1 } },
    graphics: { prepare, ahead: async () => {}, lacks: () => false, release: each => void released.push(name(each)) },
    log: createLog('test', 'silent'),
    publish: async list => void shown.push(list.map(name).join(' ')),
    supply: async () => {},
  })
  const next = async () => {
    await settle()
    waiting.shift()?.()
    await settle()
  }
  return { overlays, shown, released, next }
}
const settle = () => new Promise<void>(resolve => setImmediate(resolve))

test('overlays come one after the other as they are drawn; values that nobody wants any more are left out', async () => {
  const { overlays, shown, released, next } = drawn()
  void overlays.set(overlay('a', '1'))
  await settle()
  for (const value of ['2', '3']) void overlays.set(overlay('a', value))
  const last = overlays.set(overlay('b', '1'))
  for (let n = 0; n < 3; n++) await next()
  await last
  expect(shown).toEqual(['a=1', 'a=3', 'a=3 b=1'])
  expect(released).toEqual(['a=1'])
})

test('one that was removed while it was drawn is not shown, and one that shall play no more goes at once', async () => {
  const { overlays, shown, released, next } = drawn()
  void overlays.set(overlay('a', '1'))
  await next()
  void overlays.set(overlay('b', '1'))
  await settle()
  void overlays.set(overlay('a', '1', false))
  await overlays.remove('b')
  expect(shown).toEqual(['a=1', ''])
  await next()
  await next()
  expect(shown).toEqual(['a=1', '', ''])
  expect(released).toEqual(['b=1', 'a=1'])
})

test('patience is one for all that wait: after its end nobody waits until the first is done', async () => {
  const patience = new Patience(50)
  let done = () => {}
  const hanging = new Promise<void>(resolve => {
    done = resolve
  })
  const began = performance.now()
  for (let n = 0; n < 5; n++) await patience.wait(hanging)
  expect(performance.now() - began).toBeLessThan(200)
  done()
  await settle()
  await expect(patience.wait(Promise.reject(new Error('no')))).rejects.toThrow('no')
})

test.each([
  ['broken', new VistterError('ASSET_BROKEN', 'It is no image.'), 1],
  ['such that the renderer hangs', new JobFailed('A probe job took too long.'), 1],
  ['not to blame', new VistterError('RENDERER_FAILED', 'A probe job waited too long.'), 2],
])('a version of a file that is %s', async (_, error, asked) => {
  const file = join(folder, 'image.png')
  writeFileSync(file, 'x')
  let asks = 0
  const assets = new Assets({
    run: () => {
      asks++
      return Promise.reject(error)
    },
  })
  for (let n = 0; n < 2; n++) await expect(assets.lookAt(file)).rejects.toBe(error)
  expect(asks).toBe(asked)
  utimesSync(file, 1, asks)
  await expect(assets.lookAt(file)).rejects.toBe(error)
  expect(asks).toBe(asked + 1)
})
