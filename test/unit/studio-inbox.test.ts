import { describe, expect, test, vi } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import { historyOperations } from '../../runtime/control/studio/history.ts'
import type { Order } from '../../runtime/control/studio/runner.ts'
import { rfc3339 } from '../../runtime/lib/clock.ts'
import { message } from '../peers/studio/messages.ts'
import { StudioStage, scratch } from './studio-stage.ts'

const at = (stage: StudioStage, ms = 0) => ({ time: rfc3339(stage.now + ms) })
const start = (stage: StudioStage, id: string, timeline: string, envelope: object = {}) =>
  message('timeline.start', { timeline }, { id, ...at(stage), ...envelope })
const take = (stage: StudioStage, id: string, envelope: object = {}) =>
  message('program.take', { source: 'slate' }, { id, ...at(stage), ...envelope })
const settled = (stage: StudioStage) => expect.poll(() => stage.inbox.waiting, { timeout: 10_000 }).toBe(0)

/** Orders that end when the test says so. */
function held() {
  const open = new Map<string, () => void>()
  const carryOut = (order: Order) =>
    new Promise<undefined>(resolve => {
      open.set(order.id, () => resolve(undefined))
    })
  return { open, carryOut, end: (id: string) => open.get(id)?.() }
}

describe('a command', () => {
  test('is kept, carried out, and told about in order, with what it measured', async () => {
    const stage = await StudioStage.open(scratch(), { carryOut: async () => ({ metrics: { frames: 3 } }) })
    await stage.hear(take(stage, 'a'))
    expect(await stage.store.all('SELECT id FROM studio_inbox')).toEqual([{ id: 'a' }])
    await settled(stage)
    expect(await stage.acks()).toEqual(['a received', 'a running', 'a done'])
    const last = (await stage.outbox.next(9)).at(-1)
    expect(last?.data).toMatchObject({ metrics: { frames: 3, ms: expect.any(Number) }, at: rfc3339(stage.now) })
    await stage.end()
  })

  test('that comes again is not run again and gets no second final', async () => {
    const stage = await StudioStage.open(scratch())
    const command = take(stage, 'a')
    await Promise.all([stage.hear(command), stage.hear(command)])
    await settled(stage)
    await stage.hear(command)
    expect(stage.orders.map(({ id }) => id)).toEqual(['a'])
    expect(await stage.acks()).toEqual(['a received', 'a running', 'a done'])
    expect(stage.counted.map(([what]) => what)).toEqual(['replayed', 'replayed'])
    await stage.end()
  })

  test('of which a full disk keeps nothing for a while is carried out once, and told about in the end', async () => {
    const stage = await StudioStage.open(scratch())
    await stage.hear(start(stage, 'a', 't'))
    const { say } = stage.inbox
    const full = ['a running', 'a done', 'b running', 'b done']
    stage.inbox.say = async (id, word) => {
      const refused = full.indexOf(`${id} ${word.status}`)
      if (refused < 0) return say.call(stage.inbox, id, word)
      full.splice(refused, 1)
      throw new Error('SQLITE_FULL: database or disk is full')
    }
    await stage.hear(start(stage, 'b', 't'))
    await settled(stage)
    expect(stage.orders.map(({ id }) => id)).toEqual(['a', 'b'])
    expect((await stage.acks()).filter(ack => !ack.endsWith('received'))).toEqual([
      ...['a running', 'a done', 'b running', 'b done'],
    ])
    await stage.end()
  })

  test('that is over is kept for people to see, without what is large or secret', async () => {
    const stage = await StudioStage.open(scratch())
    const words = 'x'.repeat(30_000)
    const ocl = { ocl: '1.0', timeline: {}, scenes: [], words }
    await stage.hear(message('overlay.apply', { id: 'o', ocl }, { id: 'a', ...at(stage) }))
    const patch = [{ op: 'add', path: '/upload/password', value: 'hunter2' }]
    await stage.hear(message('config.patch', { patch }, { id: 'b', ...at(stage) }))
    await stage.hear({ ...message('config.patch', { patch }, { id: 'c', ...at(stage) }), specversion: '7' })
    await settled(stage)
    expect(stage.orders[0]?.command.data).toMatchObject({ ocl: { words } })
    const call = {
      params: {},
      query: { limit: 9 },
      body: undefined,
      actor: { kind: 'user', name: 'v', role: 'viewer' },
    }
    const list = await historyOperations(stage.store).listCommands?.(call as never)
    expect(list).toMatchObject([{ id: 'c', status: 'rejected' }, { id: 'b' }, { id: 'a', type: expect.any(String) }])
    expect(JSON.stringify(list)).not.toContain('hunter2')
    expect(JSON.stringify(list).length).toBeLessThan(5_000)
    const kept = await stage.store.get<{ n: number }>('SELECT sum(length(body)) AS n FROM studio_inbox')
    expect(kept?.n).toBeLessThan(5_000)
    await stage.end()
  })

  test('that fails says why and what to do; a bug is told without its text', async () => {
    const carryOut = async ({ id }: Order): Promise<undefined> => {
      throw id === 'a' ? new VistterError('NOT_WIRED', 'Nothing reaches it.') : new Error('secret inside')
    }
    const stage = await StudioStage.open(scratch(), { carryOut })
    await stage.hear(take(stage, 'a'))
    await stage.hear(take(stage, 'b'))
    await settled(stage)
    const finals = (await stage.outbox.next(9)).map(({ data }) => data).filter(({ status }) => status === 'failed')
    expect(finals).toMatchObject([
      { command: 'a', code: 'NOT_WIRED', message: 'Nothing reaches it.', hint: expect.stringContaining('deploy') },
      { command: 'b', code: 'INTERNAL' },
    ])
    expect(JSON.stringify(finals)).not.toContain('secret')
    await stage.end()
  })

  test('that never ends is given up', async () => {
    const stage = await StudioStage.open(scratch(), { longest: 20, carryOut: () => new Promise(() => {}) })
    await stage.hear(take(stage, 'a'))
    await settled(stage)
    expect((await stage.outbox.next(9)).at(-1)?.data).toMatchObject({ status: 'failed', code: 'COMMAND_TIMEOUT' })
    await stage.end()
  })
})

describe('what is not taken', () => {
  test('is told, kept so that it stays refused, and counted', async () => {
    const stage = await StudioStage.open(scratch())
    const wrong = take(stage, 'wrong', { data: {} })
    const late = take(stage, 'late', at(stage, -60_000))
    const ahead = take(stage, 'ahead', at(stage, 5 * 60_000 + 1))
    for (const told of [wrong, late, ahead, 'junk', wrong, late]) await stage.hear(told)
    expect(await stage.acks()).toEqual(['wrong rejected', 'late expired', 'ahead rejected'])
    expect((await stage.outbox.next(9)).map(({ data }) => data.code)).toEqual([
      ...['COMMAND_MALFORMED', 'COMMAND_EXPIRED', 'COMMAND_CLOCK'],
    ])
    expect(stage.counted.map(([what]) => what)).toEqual([
      ...['refused', 'expired', 'refused', 'junk', 'replayed', 'replayed'],
    ])
    expect(stage.orders).toEqual([])
    await stage.end()
  })

  test('a minute is the life of a command that names none, and `expiresat` of one that does', async () => {
    const stage = await StudioStage.open(scratch())
    await stage.hear(take(stage, 'a', at(stage, -59_999)))
    await stage.hear(take(stage, 'b', { ...at(stage, -86_400_000), expiresat: rfc3339(stage.now + 1) }))
    await settled(stage)
    expect(stage.orders.map(({ id }) => id)).toEqual(['a', 'b'])
    await stage.end()
  })

  test('no more wait than there is room for', async () => {
    const { carryOut, end } = held()
    const stage = await StudioStage.open(scratch(), { mostOpen: 2, carryOut })
    for (const id of ['a', 'b', 'c']) await stage.hear(take(stage, id))
    expect(await stage.acks()).toContain('c rejected')
    end('a')
    await expect.poll(() => stage.inbox.waiting).toBe(1)
    await stage.hear(take(stage, 'd'))
    expect(await stage.acks()).toContain('d received')
    end('b')
    await expect.poll(() => stage.orders.map(({ id }) => id)).toEqual(['a', 'b', 'd'])
    end('d')
    await settled(stage)
    await stage.end()
  })
})

describe('the order', () => {
  test('is kept for each timeline, and timelines do not wait for one another', async () => {
    const { carryOut, end } = held()
    const stage = await StudioStage.open(scratch(), { carryOut })
    for (const [id, timeline] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['a3', 'a'],
    ] as const)
      await stage.hear(start(stage, id, timeline))
    const ids = () => stage.orders.map(({ id }) => id)
    await expect.poll(ids).toEqual(['a1', 'b1'])
    end('a1')
    await expect.poll(ids).toEqual(['a1', 'b1', 'a2'])
    end('b1')
    end('a2')
    await expect.poll(ids).toEqual(['a1', 'b1', 'a2', 'a3'])
    end('a3')
    await settled(stage)
    await stage.end()
  })

  test('one that waits for too long ends as expired, although what it waits for goes on', async () => {
    const { carryOut, end } = held()
    const stage = await StudioStage.open(scratch(), { carryOut })
    await stage.hear(start(stage, 'a1', 'a'))
    await stage.hear(start(stage, 'a2', 'a'))
    await stage.hear(start(stage, 'a3', 'a', { expiresat: rfc3339(stage.now + 600_000) }))
    await expect.poll(() => stage.orders.length).toBe(1)
    stage.now += 60_000
    await vi.waitFor(async () => expect(await stage.acks()).toContain('a2 expired'), { timeout: 3_000 })
    expect(stage.inbox.waiting).toBe(2)
    end('a1')
    await expect.poll(() => stage.orders.map(({ id }) => id)).toEqual(['a1', 'a3'])
    end('a3')
    await settled(stage)
    await stage.end()
  })
})

describe('the next life', () => {
  test('200 commands under way when the process dies: each has one final, in the order of its timeline', async () => {
    const folder = scratch()
    const { carryOut, end } = held()
    const first = await StudioStage.open(folder, { carryOut })
    const commands = Array.from({ length: 200 }, (_, n) => start(first, `c${n}`, `t${n % 10}`))
    await Promise.all(commands.map(command => first.hear(command)))
    await expect.poll(() => first.orders.length).toBe(10)
    for (let n = 0; n < 5; n++) end(`c${n}`)
    await expect.poll(() => first.orders.length).toBe(15)
    await first.die()

    const second = await StudioStage.open(folder)
    // The broker sends again what it was not told about in time.
    await Promise.all(commands.slice(150).map(command => second.hear(command)))
    const left = await second.resume()
    expect(left.length).toBe(195)
    await settled(second)
    const again = second.orders.filter(order => order.begunAt !== undefined).map(({ id }) => id)
    expect(again.sort()).toEqual(['c10', 'c11', 'c12', 'c13', 'c14', 'c5', 'c6', 'c7', 'c8', 'c9'])
    expect(second.orders.filter(order => order.command.data && 'timeline' in order.command.data).length).toBe(195)
    const finals = (await second.acks()).filter(ack => ack.endsWith('done'))
    expect(finals.length).toBe(200)
    expect(new Set(finals).size).toBe(200)
    const ofThree = second.orders.map(({ id }) => Number(id.slice(1))).filter(n => n % 10 === 3)
    expect(ofThree).toEqual([...ofThree].sort((a, b) => a - b))
    await second.end()
  })

  test('what was not begun and is late by then ends as expired; what was begun is seen to its end', async () => {
    const folder = scratch()
    const { carryOut } = held()
    const first = await StudioStage.open(folder, { carryOut })
    await first.hear(start(first, 'a1', 'a'))
    await first.hear(start(first, 'a2', 'a'))
    await vi.waitFor(async () => expect(await first.acks()).toContain('a1 running'))
    await first.die()
    const second = await StudioStage.open(folder)
    second.now += 60_000
    await second.resume()
    await settled(second)
    expect((await second.acks()).slice(-2).sort()).toEqual(['a1 done', 'a2 expired'])
    await second.end()
  })
})

test('a heartbeat is answered and not kept; one that comes again is not heard twice', async () => {
  const stage = await StudioStage.open(scratch())
  const beat = message('heartbeat', { studioTime: rfc3339(stage.now) }, { id: 'h', ...at(stage, -3_600_000) })
  await stage.hear(beat)
  await stage.hear(beat)
  expect(stage.beats).toEqual(['h'])
  expect(await stage.acks()).toEqual(['h received', 'h done'])
  expect(await stage.store.all('SELECT id FROM studio_inbox')).toEqual([])
  await stage.end()
})
