import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { wayOf } from '../../runtime/control/show/shot-way.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { clock, ShowStage, useVirtualTime } from './show-stage.ts'

/** Takes with a preset, on a clock of the test's own. */
beforeEach(() => void useVirtualTime())
afterEach(() => void vi.useRealTimers())

async function stage(programs?: string[]): Promise<ShowStage> {
  const show = new ShowStage(memoryShelf(), programs)
  await show.wire()
  return show
}

/** The camera stands at `first` and is on air. */
async function onAir(show: ShowStage): Promise<void> {
  const head = show.heads.quay
  if (head) head.stands = 'quay/first'
  await show.take({ source: 'quay' })
  show.lines.length = 0
}

const without = (lines: string[]) => lines.map(line => line.replace(/^\d+ /, ''))

test.each([
  ['freeze', ['still of quay', 'cue moves quay/second', 'quay by fade']],
  ['show', ['cue moves quay/second in sight', 'quay']],
  ['slate', ['slate', 'cue moves quay/second', 'quay']],
  [{ cutaway: 'nave' }, ['nave', 'cue moves quay/second', 'quay']],
])('a camera on air turns behind %j', async (swing, lines) => {
  const show = await stage()
  await onAir(show)
  const answer = show.take({ source: 'quay', preset: 'second', swing })
  await show.pass(500)
  expect(show.program.list()[0]?.still).toBe(swing === 'freeze' ? true : undefined)
  await show.pass(2_000)
  expect(without(show.lines)).toEqual(lines)
  expect(await answer).toMatchObject({ source: 'quay', preset: 'quay/second', presetName: 'second' })
  expect(await answer).not.toHaveProperty('still')
  expect(show.live.shots).toEqual({})
})

test('without a word about the swing it is frozen, and a transition is that of the cover and of the shot', async () => {
  const show = await stage()
  await onAir(show)
  void show.take({ source: 'quay', preset: 'second' })
  await show.pass(2_500)
  expect(show.lines[0]).toContain('still of quay')
  void show.take({ source: 'quay', preset: 'third', swing: 'slate', transition: { type: 'wipe', duration: 300 } })
  await show.pass(3_000)
  expect(without(show.lines).slice(3)).toEqual(['slate by wipe', 'cue moves quay/third', 'quay by wipe'])
  // It does not turn before the transition has taken it away.
  const [covered, moved] = show.lines.slice(3).map(line => Number(line.split(' ')[0]))
  expect((moved ?? 0) - (covered ?? 0)).toBeGreaterThanOrEqual(300)
})

test('a camera that nobody sees turns first, and is taken when it is there, or at its time', async () => {
  const show = await stage()
  void show.take({ source: 'quay', preset: 'second' })
  await show.pass(2_500)
  expect(without(show.lines)).toEqual(['cue moves quay/second', 'quay'])
  void show.take({ source: 'nave', preset: 'altar', at: rfc3339(clock.now() + 5_000) })
  const due = clock.now() + 5_000 - show.begun
  await show.pass(6_000)
  expect(without(show.lines).slice(2)).toEqual(['cue moves nave/altar', 'nave'])
  const [moved, taken] = show.lines.slice(2).map(line => Number(line.split(' ')[0]))
  expect(moved).toBeLessThan(due - 4_900)
  expect(taken).toBe(due)
})

test('a camera that stands there already is only taken', async () => {
  const show = await stage()
  await onAir(show)
  void show.take({ source: 'quay', preset: 'first' })
  await show.pass(500)
  expect(without(show.lines)).toEqual(['quay'])
})

test('a cover begins at its moment', async () => {
  const show = await stage()
  await onAir(show)
  const due = clock.now() + 3_000
  void show.take({ source: 'quay', preset: 'second', at: rfc3339(due) })
  await show.pass(6_000)
  expect(show.lines.slice(0, 2)).toEqual([
    `${due - show.begun} still of quay`,
    `${due - show.begun} cue moves quay/second`,
  ])
})

test('what covers is lifted though the camera fails, and the failure is told', async () => {
  const show = await stage()
  await onAir(show)
  Object.assign(show.heads.quay ?? {}, { fails: 'PTZ_NOT_ARRIVED', journeyMs: 5_000 })
  const answer = show.take({ source: 'quay', preset: 'second' })
  await show.pass(6_000)
  await answer
  expect(without(show.lines).at(-1)).toBe('quay by fade')
  expect(show.events.at(-2)).toMatchObject({ type: 'shot.missed', severity: 'warning' })
})

test('a camera that answers nothing is shown again after 10 s', async () => {
  const show = await stage()
  await onAir(show)
  Object.assign(show.heads.quay ?? {}, { journeyMs: 60_000 })
  void show.take({ source: 'quay', preset: 'second' })
  await show.pass(9_900)
  expect(without(show.lines)).toHaveLength(2)
  await show.pass(600)
  expect(without(show.lines).at(-1)).toBe('quay by fade')
})

test('of a camera that nobody sees, and that does not arrive, nothing is taken by hand', async () => {
  const show = await stage()
  Object.assign(show.heads.quay ?? {}, { fails: 'PTZ_NOT_ARRIVED' })
  const answer = expect(show.take({ source: 'quay', preset: 'second' })).rejects.toMatchObject({
    code: 'PTZ_NOT_ARRIVED',
  })
  await show.pass(2_000)
  await answer
  expect(show.live.takes).toEqual({})
})

test('a newer take ends the shot before it; a newer shot of the same camera goes on behind its still', async () => {
  const show = await stage()
  await onAir(show)
  const first = expect(show.take({ source: 'quay', preset: 'second' })).rejects.toMatchObject({ code: 'CONFLICT' })
  await show.pass(500)
  const second = expect(show.take({ source: 'quay', preset: 'third' })).rejects.toMatchObject({ code: 'CONFLICT' })
  await show.pass(500)
  void show.take({ source: 'nave' })
  await show.pass(3_000)
  await Promise.all([first, second])
  expect(without(show.lines)).toEqual(['still of quay', 'cue moves quay/second', 'cue moves quay/third', 'nave'])
})

test('two programs that show one camera: another preset is refused, and so is one for whoever gets its feed', async () => {
  const show = await stage(['main', 'hall'])
  await onAir(show)
  await show.take({ source: 'quay' }, 'hall')
  const refusal = { code: 'PTZ_ON_AIR', message: expect.stringContaining('hall would show it turning') }
  await expect(show.take({ source: 'quay', preset: 'second' })).rejects.toMatchObject(refusal)
  await show.take({ source: 'slate' }, 'hall')
  show.feeds = ['the feed of Web']
  await expect(show.take({ source: 'quay', preset: 'second' })).rejects.toMatchObject({ code: 'PTZ_ON_AIR' })
  expect(without(show.lines)).toEqual(['quay in hall', 'slate in hall'])
})

test('a camera that somebody holds is asked again', async () => {
  const show = await stage()
  await onAir(show)
  const { go } = show.turning
  let held = 2
  const { VistterError } = await import('../../runtime/contract/errors.ts')
  vi.spyOn(show.turning, 'go').mockImplementation(async (...args) => {
    if (held-- > 0) throw new VistterError('PTZ_HELD', 'The camera is held by the flow.')
    return go(...args)
  })
  void show.take({ source: 'quay', preset: 'second' })
  await show.pass(4_000)
  expect(without(show.lines)).toEqual(['still of quay', 'cue moves quay/second', 'quay by fade'])
})

test('a preset or a cutaway that does not exist is refused before anything is covered', async () => {
  const show = await stage()
  await onAir(show)
  const unknown = { code: 'UNKNOWN_REFERENCE' }
  await expect(show.take({ source: 'quay', preset: 'nowhere' })).rejects.toMatchObject(unknown)
  await expect(show.take({ source: 'slate', preset: 'second' })).rejects.toMatchObject(unknown)
  const swing = { cutaway: 'gone' }
  await expect(show.take({ source: 'quay', preset: 'second', swing })).rejects.toMatchObject(unknown)
  expect(show.lines).toEqual([])
})

test('a control that was killed while a camera was covered lifts the cover in its next life', async () => {
  const shelf = memoryShelf<object>()
  const before = new ShowStage(shelf)
  await before.wire()
  await onAir(before)
  void before.take({ source: 'quay', preset: 'second' }).catch(() => {})
  await before.pass(300)
  before.shots.stop()
  await before.pass(3_000)
  const after = new ShowStage(shelf)
  after.shots.start()
  await after.pass(3_000)
  expect(without(after.lines)).toEqual(['cue moves quay/second', 'quay by fade'])
  expect(after.live.shots).toEqual({})
})

test.each([
  [{ stands: true, here: true, elsewhere: ['hall'] }, 'take'],
  [{ stands: false, here: true, elsewhere: ['hall'] }, 'refuse'],
  [{ stands: false, here: false, elsewhere: ['hall'] }, 'refuse'],
  [{ stands: false, here: true, elsewhere: [] }, 'cover'],
  [{ stands: false, here: false, elsewhere: [] }, 'move'],
])('the way of %j is %s', (facts, way) => {
  expect(wayOf({ ...facts, swing: 'freeze' }).do).toBe(way)
  expect(wayOf({ ...facts, swing: 'show' }).do).toBe(facts.stands ? 'take' : 'move')
})
