import { afterAll, expect, test } from 'vitest'
import { camera, EngineStage, program } from '../peers/engine-stage.ts'

/** Pictures of 2160p, and more cameras than there is memory for them. Nobody answers at their addresses; memory is theirs all the same. */
const cameras = Array.from({ length: 16 }, (_, n) => camera(`camera-${n}`, `rtsp://127.0.0.1:1/${n}`))
const slate = { kind: 'slate', id: 'slate', name: 'Slate', title: 'Back soon', subtitle: '' } as const
const stage = new EngineStage()
afterAll(() => stage.end())

const main = () => program('main', '3840x2160', '5', 'slate')
const there = () => stage.engine.state().sources.filter(({ id }) => id.startsWith('camera')).length
const told = () => stage.events.filter(({ type }) => type === 'engine.command-failed')

test('one camera too many is told with a way out, the show goes on, and room that is made is used at once', async () => {
  await stage.show([slate, ...cameras], [main()])
  const fitting = there()
  expect(fitting).toBeGreaterThan(5)
  expect(fitting).toBeLessThan(16)
  await stage.produce('main', 3)
  expect(told()).toHaveLength(16 - fitting)
  expect(told()[0]).toMatchObject({ severity: 'error', data: { error: { code: 'MEMORY_FULL' } } })
  expect(told()[0]?.message).toContain('Delete a camera')

  // Another change, which makes no room: the same again is no news.
  await stage.show([slate, ...cameras], [{ ...main(), slateAfterMs: 3_000 }])
  expect(told()).toHaveLength(16 - fitting)
  await stage.show([slate, ...cameras.slice(2)], [main()])
  expect(there()).toBe(Math.min(fitting, 14))
  expect(stage.engine.state().sources.map(({ id }) => id)).not.toContain('camera-0')
  expect(told()).toHaveLength(16 - fitting)
  await stage.produce('main', 3)
})
