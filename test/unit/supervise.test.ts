import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { because, type ChildNews, Children } from '../../runtime/lib/children.ts'
import { Supervised } from '../../runtime/lib/supervise.ts'

/** A child without a process: it ends when it is told to, or when the test says so. */
class Fake extends EventEmitter {
  readonly pid = 1
  kill(signal: NodeJS.Signals): boolean {
    queueMicrotask(() => this.emit('exit', null, signal))
    return true
  }
}

const clock = { now: () => Date.now(), mono: () => Date.now() }
const backoff = { first: 0, max: 0, jitter: 0, healthyAfter: 60_000 }

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => vi.useRealTimers())

function supervise(life: (child: Fake, supervised: Supervised) => void) {
  const starts: number[] = []
  const told: [string, ChildNews][] = []
  const book = new Children()
  book.listen((what, news) => told.push([what, news]))
  const supervised = new Supervised({
    child: { id: 'c', kind: 'test' },
    clock,
    backoff,
    book,
    spawn: () => {
      starts.push(clock.mono())
      const child = new Fake()
      life(child, supervised)
      return child as unknown as ChildProcess
    },
  })
  return { supervised, starts, told, book }
}

describe('Supervised', () => {
  it('never restarts twice within a second, however its child ends and whoever wants it anew', async () => {
    const end = fc.record({
      afterMs: fc.integer({ min: 0, max: 1_500 }),
      how: fc.constantFrom('exit', 'restart', 'kill', 'throw'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(end, { minLength: 2, maxLength: 12 }), async ends => {
        const { supervised, starts } = supervise((child, self) => {
          const next = ends.shift()
          if (!next) return
          if (next.how === 'throw') throw new Error('no such program')
          setTimeout(() => {
            if (next.how === 'exit') child.emit('exit', 1, null)
            else if (next.how === 'kill') self.kill('it hangs')
            else self.restart()
          }, next.afterMs)
        })
        const lives = ends.length + 1
        supervised.start()
        await vi.advanceTimersByTimeAsync(lives * 3_000)
        await supervised.stop()
        expect(starts).toHaveLength(lives)
        const apart = starts.slice(2).map((at, n) => at - starts[n + 1])
        for (const ms of apart) expect(ms).toBeGreaterThanOrEqual(1_000)
      }),
    )
  })

  it('a first restart comes as soon as the backoff says', async () => {
    const { supervised, starts } = supervise(child => setTimeout(() => child.emit('exit', 1, null), 100))
    supervised.start()
    await vi.advanceTimersByTimeAsync(150)
    expect(starts).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(900)
    expect(starts).toHaveLength(2)
    await supervised.stop()
  })

  it('is in the book no more when it is stopped while it waits for its next try', async () => {
    const { supervised, told, book } = supervise(child => setTimeout(() => child.emit('exit', 1, null), 1))
    supervised.start()
    await vi.advanceTimersByTimeAsync(500)
    expect(book.list()).toMatchObject([{ decided: { action: 'retry' } }])
    await because({ command: 'camera.remove', why: 'no longer wanted' }, () => supervised.stop())
    expect(told.at(-1)).toMatchObject(['ended', { wanted: { command: 'camera.remove' }, decided: { action: 'stop' } }])
    expect(book.list()).toEqual([])
  })

  it('tells each start and end with its cause: a failure and the start that repairs it share one, a wish has its own', async () => {
    const { supervised, told, book } = supervise(() => {})
    because({ command: 'camera.add', why: 'new camera' }, () => supervised.start())
    await vi.advanceTimersByTimeAsync(2_000)
    supervised.kill('no picture came')
    await vi.advanceTimersByTimeAsync(10)
    expect(book.list()).toMatchObject([{ child: 'c', generation: 2, failures: 1, decided: { action: 'run' } }])
    await vi.advanceTimersByTimeAsync(2_000)
    because({ command: 'camera.change', why: 'its address changed' }, () => supervised.restart())
    await vi.advanceTimersByTimeAsync(2_000)
    await because({ command: 'camera.remove', why: 'no longer wanted' }, () => supervised.stop())
    const added = { command: 'camera.add', why: 'new camera' }
    const crash = 'no picture came: killed by SIGKILL'
    expect(told).toMatchObject([
      ['started', { generation: 1, wanted: added, happened: 'nothing ran', decided: { action: 'run' } }],
      ['ended', { generation: 1, wanted: added, happened: crash, decided: { action: 'retry' } }],
      ['started', { generation: 2, wanted: added, happened: crash }],
      ['ended', { generation: 2, wanted: { command: 'camera.change' }, decided: { action: 'restart' } }],
      ['started', { generation: 3, wanted: { command: 'camera.change' } }],
      ['ended', { generation: 3, wanted: { command: 'camera.remove' }, decided: { action: 'stop' } }],
    ])
    const causes = told.map(([, { cause }]) => cause)
    expect([causes[1], causes[3]]).toEqual([causes[2], causes[4]])
    expect(new Set(causes).size).toBe(4)
    expect(book.list()).toEqual([])
  })
})

it('a process takes over the word of whoever started it, and passes it on to nobody', () => {
  const parent = new Children()
  const { news } = parent.next('engine', 'engine')
  const environment = { VISTTER_CAUSE: JSON.stringify({ ...news, generation: 3, happened: 'killed by SIGKILL' }) }
  const own = new Children()
  const told: [string, ChildNews][] = []
  own.listen((what, received) => told.push([what, received]))
  own.self('engine', environment)
  expect(environment).toEqual({})
  expect(told).toMatchObject([['started', { cause: news.cause, generation: 3, happened: 'killed by SIGKILL' }]])
  expect(own.list()).toMatchObject([{ child: 'engine', pid: process.pid }])
})
