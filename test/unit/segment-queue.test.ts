import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { QueueStage } from './queue-stage.ts'
import { useVirtualTime } from './show-stage.ts'
import { apart, cue, without } from './timeline-stage.ts'

let stage: QueueStage

beforeEach(async () => {
  useVirtualTime()
  stage = new QueueStage()
  await stage.begin()
  await stage.segment('a', { cues: [cue('a1', 0, 2_000, { camera: 'quay', overlay: 'title' })] })
  await stage.segment('b', {
    cues: [cue('b1', 0, 1_000, { camera: 'nave' }), cue('b2', 1_000, 1_000, { camera: 'quay' })],
  })
  await stage.segment('c', { cues: [cue('c1', 0, 3_000, { camera: 'nave' })] })
  await stage.show.take({ source: 'slate' })
  await stage.show.pass(100)
  stage.show.lines.length = 0
})
afterEach(() => {
  stage.end()
  vi.useRealTimers()
})

const names = async () => (await stage.ask('getQueue')).entries.map(({ segment }) => segment)

describe('the queue of segments', () => {
  it('plays what is put into it one after another, to the ms, and then what ruled before', async () => {
    for (const segment of ['a', 'b', 'c']) await stage.ask('queueSegment', segment)
    await stage.show.pass(9_000)
    expect(apart(stage.show.lines, /quay|nave|slate/)).toEqual([
      [expect.any(Number), 'quay'],
      [2_000, 'nave'],
      [1_000, 'quay'],
      [1_000, 'nave'],
      [3_000, 'slate'],
    ])
    expect(apart(stage.show.lines, /title/)).toEqual([
      [expect.any(Number), 'title begins'],
      [2_000, 'title ends'],
    ])
    expect(stage.told('segment.played')).toHaveLength(3)
    expect(stage.told('queue.ended')).toEqual(['The segment queue has ended; Slate is on air again.'])
    expect(await stage.ask('getQueue')).toEqual({ held: false, playing: null, entries: [], after: null })
  })

  it('goes on behind what is added, moved and taken out while it plays', async () => {
    await stage.ask('queueSegment', 'a')
    await stage.show.pass(400)
    for (const segment of ['b', 'c', 'a']) await stage.ask('queueSegment', segment)
    const { entries } = await stage.ask('getQueue')
    await stage.ask('orderQueue', '', { entries: [entries[2]?.id, entries[1]?.id] })
    expect(await names()).toEqual(['a', 'c', 'b'])
    await stage.ask('removeFromQueue', entries[2]?.id)
    expect(await names()).toEqual(['c', 'b'])
    await expect(stage.ask('removeFromQueue', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(stage.ask('orderQueue', '', { entries: ['none'] })).rejects.toMatchObject({
      code: 'UNKNOWN_REFERENCE',
    })
    await stage.show.pass(9_000)
    expect(apart(stage.show.lines, /quay|nave|slate/)).toEqual([
      [expect.any(Number), 'quay'],
      [2_000, 'nave'],
      [3_000, 'nave'],
      [1_000, 'quay'],
      [1_000, 'slate'],
    ])
  })

  it('has room for 20, and lists them with their times', async () => {
    await stage.ask('stopQueue')
    for (let n = 0; n < 20; n++) await stage.ask('queueSegment', n % 2 ? 'a' : 'b')
    await expect(stage.ask('queueSegment', 'a')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(stage.ask('queueSegment', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await stage.ask('getQueue')).entries).toHaveLength(20)
    expect(stage.show.lines).toEqual([])
    const { entries } = await stage.ask('startQueue')
    await stage.show.pass(20 * 2_000 + 1_000)
    const begun = stage.show.events.filter(({ type }) => type === 'segment.played').map(({ data }) => data?.entry)
    expect(begun).toEqual(entries.map(({ id }) => id))
    const takes = apart(stage.show.lines, /quay|nave|slate/).map(([ms]) => ms)
    expect(takes.slice(1).reduce((sum, ms) => sum + ms, 0)).toBe(20 * 2_000)
  })

  it('is there after a restart of control, and plays on at now', async () => {
    for (const segment of ['a', 'c', 'b']) await stage.ask('queueSegment', segment)
    await stage.show.pass(1_000)
    const before = await stage.ask('getQueue')
    await stage.again(200)
    await stage.show.pass(10)
    expect(await stage.ask('getQueue')).toEqual(before)
    await stage.show.pass(500)
    await stage.again(2_000)
    await stage.show.pass(100)
    expect((await stage.ask('getQueue')).playing?.segment).toBe('c')
    await stage.show.pass(6_000)
    expect(stage.show.lines.at(-1)).toMatch(/slate$/)
    expect(stage.told('queue.ended')).toHaveLength(1)
  })

  it('shows the slate for what cannot be shown, tells why, and goes on', async () => {
    await stage.segment('bad', { cues: [cue('x', 0, 9_000, { camera: 'sold' })] })
    await stage.segment('gone', { cues: [cue('x', 0, 9_000, { camera: 'quay' })] })
    for (const segment of ['a', 'bad', 'gone', 'c']) await stage.ask('queueSegment', segment)
    stage.remove('gone')
    await stage.show.pass(17_000)
    expect(apart(stage.show.lines, /quay|nave|slate/)).toEqual([
      [expect.any(Number), 'quay'],
      [2_000, 'slate'],
      [5_000, 'slate'],
      [5_000, 'nave'],
      [3_000, 'slate'],
    ])
    expect(stage.told('segment.failed')).toEqual([
      'The segment bad could not be shown, the slate stands in for it: Cue x: There is no camera sold.',
      'The segment gone could not be shown, the slate stands in for it: There is no segment gone any more.',
    ])
  })

  it('gives way to what is played by hand, and skips, and stops: what ruled before comes back', async () => {
    const { id } = await stage.show.timeline('add', {
      ...{ name: 'Day', loop: true },
      cues: [cue('d1', 0, 10_000, { camera: 'quay' }), cue('d2', 10_000, 10_000, { camera: 'nave' })],
    })
    await stage.show.timeline('start', {}, id)
    await stage.show.pass(2_000)
    for (const segment of ['c', 'b']) await stage.ask('queueSegment', segment)
    await stage.show.pass(1_000)
    expect(await stage.ask('getQueue')).toMatchObject({ playing: { segment: 'c' }, after: 'Day' })
    await stage.ask('playSegment', 'a')
    await stage.show.pass(1_000)
    expect(await stage.ask('getQueue')).toMatchObject({ playing: { segment: 'a' }, entries: [{ segment: 'b' }] })
    const asked = Date.now() - stage.show.begun
    await stage.ask('skipInQueue')
    await stage.show.pass(600)
    expect(await stage.ask('getQueue')).toMatchObject({ playing: { segment: 'b' }, entries: [] })
    expect(Number.parseInt(stage.show.lines.at(-1) ?? '', 10) - asked).toBeLessThan(200)
    await stage.ask('queueSegment', 'c')
    await stage.ask('stopQueue')
    await stage.show.pass(1_000)
    expect(await stage.ask('getQueue')).toMatchObject({ held: true, playing: null, entries: [{ segment: 'c' }] })
    const day = await stage.show.timeline('get', {}, id)
    expect(day.state).toMatchObject({ status: 'running', cue: { id: 'd1' } })
    // It goes on where it would be by then.
    expect(Date.parse(day.state.zeroAt ?? '')).toBe(stage.show.begun + 400)
  })

  it('ends on the picture of the timeline that ruled before, which goes on', async () => {
    const { id } = await stage.show.timeline('add', {
      ...{ name: 'Day', loop: true },
      cues: [cue('d1', 0, 3_000, { camera: 'quay' }), cue('d2', 3_000, 60_000, { camera: 'nave', overlay: 'sponsor' })],
    })
    await stage.show.timeline('start', {}, id)
    await stage.show.pass(1_500)
    await stage.ask('queueSegment', 'a')
    await stage.show.pass(4_000)
    expect(apart(stage.show.lines, /quay|nave|slate/).at(-2)).toEqual([2_000, 'nave'])
    expect((await stage.show.timeline('get', {}, id)).state).toMatchObject({ status: 'running', cue: { id: 'd2' } })
    expect(without(stage.show.lines)).toContainEqual(expect.stringMatching(/^sponsor begins at 9\d\d$/))
  })

  it('waits with what is played at a time, and leaves what is on air alone until then', async () => {
    const at = new Date(Date.now() + 5_000).toISOString()
    await stage.ask('playSegment', 'c', { at })
    await stage.show.pass(4_900)
    expect(stage.show.lines).toEqual([])
    await stage.show.pass(4_000)
    expect(apart(stage.show.lines, /quay|nave|slate/).map(([, line]) => line)).toEqual(['nave', 'slate'])
    expect(Number.parseInt(stage.show.lines[0] ?? '', 10)).toBe(Date.parse(at) - stage.show.begun)
  })

  it('keeps each that is to be played at a time, whatever is played, queued, moved or taken out meanwhile', async () => {
    const zero = Date.now()
    const at = (ms: number) => ({ at: new Date(zero + ms).toISOString() })
    await stage.ask('playSegment', 'c', at(20_000))
    await stage.ask('playSegment', 'b', at(10_000))
    const { entries } = await stage.ask('playSegment', 'a', at(30_000))
    const told = entries.map(entry => `${entry.segment} ${Date.parse(entry.at ?? '') - zero}`)
    expect(told).toEqual(['b 10000', 'c 20000', 'a 30000'])
    await stage.ask('queueSegment', 'a')
    await stage.ask('queueSegment', 'c')
    await stage.show.pass(1_000)
    await stage.ask('playSegment', 'b')
    await stage.ask('skipInQueue')
    const waiting = (await stage.ask('getQueue')).entries
    // The page sends all that it shows.
    await stage.ask('orderQueue', '', { entries: waiting.map(({ id }) => id) })
    await stage.ask('removeFromQueue', waiting.findLast(({ segment }) => segment === 'a')?.id)
    expect((await names()).slice(-2).sort()).toEqual(['b', 'c'])
    stage.show.lines.length = 0
    await stage.show.pass(zero + 24_000 - Date.now())
    const begun = (line: string) =>
      stage.show.lines.filter(each => each.endsWith(line)).map(each => Number.parseInt(each, 10))
    expect(begun('nave').map(ms => ms + stage.show.begun - zero)).toEqual(expect.arrayContaining([10_000, 20_000]))
  })

  it('is held when something else takes its program, and nothing comes back by itself', async () => {
    const { id } = await stage.show.timeline('add', { name: 'Other', cues: [cue('o', 0, 9_000, { camera: 'nave' })] })
    for (const segment of ['a', 'b']) await stage.ask('queueSegment', segment)
    await stage.show.pass(1_000)
    await stage.show.timeline('start', {}, id)
    await stage.show.pass(9_000)
    expect(await stage.ask('getQueue')).toMatchObject({ held: true, playing: null, entries: [{ segment: 'b' }] })
    expect(without(stage.show.lines).at(-1)).toBe('nave')
    expect(stage.told('queue.stopped')).toHaveLength(1)
  })

  it('says why it cannot begin, once, and keeps what waits', async () => {
    await stage.show.live.setWiring({
      programs: [{ id: 'main', sources: [], fallback: [] }],
      outputs: [],
      timelines: [],
    })
    expect(await stage.ask('queueSegment', 'a')).toMatchObject({
      ...{ held: true, playing: null, entries: [{ segment: 'a' }], error: { code: 'NOT_WIRED' } },
    })
    await expect(stage.ask('playSegment', 'a')).rejects.toMatchObject({ code: 'NOT_WIRED' })
    await stage.show.pass(10_000)
    expect(stage.told('segment.failed')).toHaveLength(2)
  })
})
