import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { NewEvent } from '../../runtime/control/ports.ts'
import { Conductor } from '../../runtime/control/show/conductor.ts'
import { type PlanFacts, plan } from '../../runtime/control/show/plan.ts'
import { createLog } from '../../runtime/lib/log.ts'

const facts: PlanFacts = {
  settings: {
    program: { width: 1920, height: 1080, fps: 30 },
    ...{ slateAfterMs: 2_000, locationName: 'Harbour', tokens: {} },
  },
  ...{ cameras: [], destinations: [], overlays: [], recordings: [], wiring: undefined, takes: {}, overrides: {} },
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a refused plan is an event, once for each reason; an engine that is away is none', async () => {
  const events: NewEvent[] = []
  let answer: Error | undefined
  const apply = async () => {
    if (answer) throw answer
    return { changes: [] }
  }
  const conductor = new Conductor({
    desired: () => plan(facts),
    engine: { connected: true, apply },
    log: createLog('test', 'silent'),
    record: event => events.push(event),
  })
  const tried = async (error?: Error) => {
    answer = error
    await conductor.reconnected()
    await vi.advanceTimersByTimeAsync(5_000)
  }
  await tried(new VistterError('ENGINE_DOWN', 'The picture engine did not answer to apply: no answer'))
  expect(events).toEqual([])
  await tried(new VistterError('INTERNAL', 'width must be even'))
  await tried(new VistterError('INTERNAL', 'fps must be >= 1'))
  await tried()
  await tried(new VistterError('INTERNAL', 'fps must be >= 1'))
  conductor.stop()
  expect(events.map(({ type, severity }) => `${type} ${severity}`)).toEqual(Array(3).fill('plan.refused error'))
  expect(events.map(({ message }) => /width|fps/.exec(message)?.[0])).toEqual(['width', 'fps', 'fps'])
})
