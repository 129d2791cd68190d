import { expect, test } from 'vitest'
import { orderOf } from '../../runtime/engine/picture/order.ts'
import { playedBy } from '../../runtime/engine/picture/played.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'
import { documentOf } from './ocl-arbitrary.ts'

const cue = (more: object) => ({ id: 'c', start: 0, duration: 60_000, layer: 1, ...more })
const document = (() => {
  const words = { text: { value: '{{left}} {{time}} {{place}} {{nothing}}' } }
  const sync = { awaitPreset: 'Door', awaitMilestone: 'a=b' }
  const checked = validateOcl(
    documentOf([cue({ ...words, sync })], {
      data: [
        { key: 'left', countdown: { to: 't+60s', pattern: 'm:ss' } },
        { key: 'time', clock: { pattern: 'HH:mm:ss' } },
      ],
    }),
  )
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors))
  return checked.document
})()

function played(...args: string[]) {
  const order = orderOf(['o.json', '--now', '2026-06-06T12:00:00Z', '--timezone', 'Europe/Rome', ...args])
  if (!order) throw new Error('is not understood')
  return playedBy(document, order, {})
}
const noon = Date.parse('2026-06-06T12:00:00Z')

test('clocks and countdowns go on while a clip does; they show the time that was asked for at its first moment', () => {
  const overlay = played('--from', '5000', '--to', '9000', '--token', 'place=Pier=3')
  expect(overlay(5_000).tokens).toEqual({ left: '0:55', time: '14:00:00', place: 'Pier=3' })
  expect(overlay(8_000).tokens).toEqual({ left: '0:52', time: '14:00:03', place: 'Pier=3' })
})

test('what cues wait for was reached before the start, unless it is said when, or never', () => {
  const reached = (...args: string[]) => played('--at', '3000', ...args)(3_000).playing?.reached
  const start = noon - 3_000
  expect(reached()).toEqual({ presets: { Door: start }, milestones: { 'a=b': start } })
  expect(reached('--reached', 'Door=1500', '--reached', 'a=b=never')).toEqual({
    presets: { Door: start + 1_500 },
    milestones: {},
  })
})

test.each([
  ['--now', 'noon'],
  ['--timezone', 'Atlantis/Capital'],
  ['--reached', 'Door'],
  ['--reached', '=5'],
  ['--reached', 'Door=soon'],
])('%s %s is not understood', (...args) => {
  expect(orderOf(['o.json', ...args])).toBeUndefined()
})
