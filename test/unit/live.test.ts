import { beforeEach, expect, test } from 'vitest'
import { ears, type Live, sweep } from '../../nodes/lib-ui/live-state.ts'
import { awayWords } from '../../nodes/ui-vistter-program/away.ts'
import { factsOf } from '../../nodes/ui-vistter-program/facts.ts'
import type { Program } from '../../runtime/contract/generated/openapi.v1.ts'

/** A page that is about the second of two programs, and what the appliance says to it. */
let live: Live
let named: Set<string>
const say = (event: string, data: object) => ears(live, named)[event]?.(JSON.stringify(data))

beforeEach(() => {
  named = new Set()
  live = {
    ...{ link: 'live', programs: {}, cameras: {}, presets: {}, destinations: {}, recordings: {} },
    ...{ overlays: {}, timelines: {}, segments: {}, values: {}, chosen: 'vertical' },
    get program() {
      return this.programs[this.chosen]
    },
  }
  say('flow', { engine: true, programs: ['main', 'vertical'] })
  for (const id of ['main', 'vertical']) say('program', { id })
})

test('a page stays with the program that was chosen while the engine is away, and says so', () => {
  say('flow', { engine: false, programs: ['main', 'vertical'] })
  for (const id of ['main', 'vertical']) say('program-removed', { id })
  expect(live).toMatchObject({ chosen: 'vertical', program: undefined })
  expect(awayWords(live)).toMatch(/^The picture engine is starting again/)
  say('program', { id: 'vertical' })
  expect(live.program).toEqual({ id: 'vertical' })
  expect(awayWords(live)).toBeUndefined()
})

test('a program that the flow has lost is told from an engine that is away', () => {
  say('flow', { engine: true, programs: ['main'] })
  expect(awayWords(live)).toBeUndefined()
  say('program-removed', { id: 'vertical' })
  expect(awayWords(live)).toMatch(/^The flow has no program “vertical” any more/)
})

test('what a new stream does not name is gone, programs too; the chosen one is still chosen', () => {
  named.clear()
  say('program', { id: 'main' })
  sweep(live, named)
  expect(Object.keys(live.programs)).toEqual(['main'])
  expect(live.chosen).toBe('vertical')
})

test('of a program that is away nothing is claimed; the others are told by the names that people gave', () => {
  const seen = { sourceName: 'Pier', wantedName: 'Harbour', overlays: [], frames: { dropped: 0 } } as unknown as Program
  expect(factsOf(undefined)).toEqual({ source: '–', wanted: '–', overlays: '–', lost: '–' })
  expect(factsOf(seen)).toEqual({ source: 'Pier', wanted: 'Harbour', overlays: 'none', lost: '0' })
})
