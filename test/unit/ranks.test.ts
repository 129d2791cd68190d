import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import type { Actor } from '../../runtime/control/ports.ts'
import {
  ACTIONS,
  type Action,
  type Claim,
  GROUNDS,
  type Ground,
  mayAct,
  rankOf,
} from '../../runtime/control/show/ranks.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { clock, type ShowStage, useVirtualTime } from './show-stage.ts'
import { cue, stage, started, without } from './timeline-stage.ts'

const WHO = {
  anna: { kind: 'user', name: 'anna', role: 'operator' },
  ben: { kind: 'token', name: 'ben', role: 'operator' },
  studio: { kind: 'studio', name: 'Studio', role: 'operator' },
  flow: { kind: 'flow', name: 'the flow', role: 'operator' },
  schedule: { kind: 'system', name: 'its schedule', role: 'operator' },
} as const satisfies Record<string, Actor>
type Person = keyof typeof WHO
const PEOPLE = Object.keys(WHO) as Person[]

/** Who may not do it, by what gives control and who has it. */
const PICTURE: Partial<Record<Person, Person[]>> = {
  anna: ['studio', 'flow', 'schedule'],
  ben: ['studio', 'flow', 'schedule'],
  studio: ['flow', 'schedule'],
}
const EMERGENCY: Record<Person, Person[]> = {
  anna: ['studio', 'flow', 'schedule'],
  ben: ['studio', 'flow', 'schedule'],
  studio: ['flow', 'schedule'],
  flow: ['studio', 'schedule'],
  schedule: ['studio', 'flow'],
}
const ALL: Action[] = ['take', 'start', 'stop', 'steer', 'override', 'release']
const TABLE: Record<Ground, { bars: Action[]; whom: Partial<Record<Person, Person[]>> }> = {
  emergency: { bars: ALL, whom: EMERGENCY },
  override: { bars: ALL, whom: PICTURE },
  overlays: { bars: ['override', 'release'], whom: PICTURE },
  hold: { bars: ['take', 'start', 'stop', 'steer', 'override'], whom: PICTURE },
  take: { bars: ['take', 'start', 'stop', 'steer', 'override'], whom: PICTURE },
}

describe('who may do what while somebody else has control', () => {
  const cases = GROUNDS.flatMap(ground =>
    PEOPLE.flatMap(holder => PEOPLE.flatMap(asker => ACTIONS.map(action => ({ ground, holder, asker, action })))),
  )
  it.each(cases)('$ground by $holder: $asker asks to $action', ({ ground, holder, asker, action }) => {
    const claim: Claim = {
      ...{ ground, rank: rankOf(WHO[holder]), by: WHO[holder].name },
      what: '',
      since: 0,
      ends: '',
    }
    const refused = TABLE[ground].bars.includes(action) && (TABLE[ground].whom[holder] ?? []).includes(asker)
    expect(mayAct(WHO[asker], action, claim)).toBe(!refused)
  })
})

describe('on a program', () => {
  beforeEach(() => void useVirtualTime())
  afterEach(() => void vi.useRealTimers())

  const CUES = [cue('a', 0, 10_000, { camera: 'quay' }), cue('b', 10_000, 10_000, { camera: 'slate' })]
  const held = { code: 'CONTROL_HELD', status: 409 }

  async function running(): Promise<{ show: ShowStage; id: string }> {
    const show = await stage()
    const id = await started(show, { loop: true, cues: CUES })
    await show.pass(2_000)
    return { show, id }
  }

  test('a timeline in its course has control of the lowest rank: everybody may do everything to it', async () => {
    const { show, id } = await running()
    expect(show.control.of('main')).toMatchObject({ rank: 'schedule', by: 'Day', what: 'the timeline Day' })
    for (const actor of Object.values(WHO)) {
      await show.ask('skipCue', {}, id, actor)
      await show.ask('startTimeline', {}, id, actor)
      await show.pass(500)
    }
  })

  test('a take of an operator: who, since when, why and until when is told to whom it refuses; it ends with the next cue', async () => {
    const { show, id } = await running()
    await show.ask('takeById', { source: 'nave', reason: 'a boat' }, 'main', WHO.anna)
    const { next } = (await show.timeline('get', {}, id)).state
    expect(show.control.of('main')).toMatchObject({ rank: 'operator', by: 'anna', why: 'a boat', until: next?.at })
    const refusal = show.ask('takeById', { source: 'quay' }, 'main', WHO.studio)
    await expect(refusal).rejects.toMatchObject({ ...held, extra: { control: { by: 'anna' } } })
    await expect(refusal).rejects.toThrow(
      /^anna \(operator\) has control of main since .*Z by a take \(a boat\); it ends with the next cue, at .*Z\.$/,
    )
    for (const [name, body] of [
      ['skipCue', {}],
      ['holdCue', {}],
      ['stopTimeline', undefined],
      ['startTimeline', {}],
    ] as const)
      await expect(show.ask(name, body ?? {}, id, WHO.schedule)).rejects.toMatchObject(held)
    await expect(show.ask('overrideById', { kind: 'hold', reason: 'x' }, 'main', WHO.flow)).rejects.toMatchObject(held)
    await show.pass(8_000)
    expect(show.control.of('main')?.rank).toBe('schedule')
    await show.ask('takeById', { source: 'quay' }, 'main', WHO.studio)
    expect(show.control.of('main')).toMatchObject({ rank: 'studio', by: 'Studio' })
    await show.ask('takeById', { source: 'nave' }, 'main', WHO.ben)
    expect(show.control.of('main')).toMatchObject({ rank: 'operator', by: 'ben' })
  })

  test('a take is given back: the picture of the timeline is there again, at its place', async () => {
    const { show, id } = await running()
    await show.take({ source: 'nave' })
    await show.pass(1_000)
    const zero = (await show.timeline('get', {}, id)).state.zeroAt
    await show.ask('releaseTakeById', {}, 'main', WHO.anna)
    await show.pass(300)
    expect(without(show.lines)).toEqual(['quay', 'nave', 'quay'])
    expect(show.control.of('main')?.rank).toBe('schedule')
    expect((await show.timeline('get', {}, id)).state.zeroAt).toBe(zero)
    await show.timeline('stop', {}, id)
    await expect(show.ask('releaseTakeById', {}, 'main', WHO.anna)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('without a timeline the last take rules', async () => {
    const show = await stage()
    await show.take({ source: 'nave' })
    expect(show.control.of('main')).toBeNull()
    await show.ask('takeById', { source: 'quay' }, 'main', WHO.flow)
    await started(show, { cues: CUES })
  })

  test('a hold keeps its rank until it is released', async () => {
    const { show, id } = await running()
    await show.ask('holdCue', { reason: 'interview' }, id, WHO.studio)
    expect(show.control.of('main')).toMatchObject({ rank: 'studio', by: 'Studio', why: 'interview' })
    await expect(show.ask('releaseCue', {}, id, WHO.flow)).rejects.toMatchObject(held)
    await show.ask('releaseCue', {}, id, WHO.anna)
    expect(show.control.of('main')?.rank).toBe('schedule')
  })

  test('an emergency is open to everybody, and ended by people, or by who set it', async () => {
    const { show, id } = await running()
    await show.take({ source: 'nave' })
    const until = rfc3339(clock.now() + 60_000)
    void show.ask('overrideById', { kind: 'slate', reason: 'Fire', until }, 'main', WHO.flow)
    await show.pass(600)
    expect(show.control.of('main')).toMatchObject({ rank: 'emergency', by: 'the flow', why: 'Fire', until })
    await expect(show.ask('releaseById', {}, 'main', WHO.studio)).rejects.toMatchObject(held)
    await expect(show.ask('takeById', { source: 'quay' }, 'main', WHO.studio)).rejects.toMatchObject(held)
    // People prepare what is to be seen afterwards.
    await show.ask('takeById', { source: 'quay' }, 'main', WHO.anna)
    await show.ask('skipCue', {}, id, WHO.anna)
    await show.pass(500)
    await show.ask('releaseById', {}, 'main', WHO.flow)
    expect(show.control.of('main')?.rank).toBe('schedule')
  })

  test('paused overlays take the picture from nobody', async () => {
    const { show, id } = await running()
    void show.ask('overrideById', { kind: 'pause-overlays', reason: 'minute of silence' }, 'main', WHO.anna)
    await show.pass(600)
    await show.ask('skipCue', {}, id, WHO.schedule)
    await expect(show.ask('releaseById', {}, 'main', WHO.studio)).rejects.toMatchObject(held)
  })
})
