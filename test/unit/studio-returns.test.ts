import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { Link } from '../../runtime/control/studio/link.ts'
import { Returns } from '../../runtime/control/studio/returns.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'
import { Wire } from '../peers/wire.ts'
import { applianceOf, PATIENT } from './channel-stage.ts'

/** A try of which nothing comes back (ms). */
const TRY = 9_000

/** How long (ms) after it is back a line is tried, when each try in the time that it was gone took `tryMs`. */
function waited(goneMs: number, tryMs: number, heard: boolean, random: () => number): number {
  let now = 0
  const returns = new Returns({ mono: () => now }, undefined, random)
  returns.begin()
  let rest = returns.next(60_000, true)
  while (now + rest + tryMs <= goneMs) {
    now += rest + tryMs
    rest = returns.next(0, heard)
  }
  // The try that is under way is the one that comes through.
  return Math.max(0, now + rest - goneMs)
}

test('a line that was gone for a minute is tried within seconds after it is back, however its tries fell', () => {
  const cut = fc.integer({ min: 5_000, max: 70_000 })
  const dice = fc.double({ min: 0, max: 0.999, noNaN: true })
  fc.assert(
    fc.property(cut, fc.constantFrom(1, TRY), dice, (goneMs, tryMs, share) => {
      expect(waited(goneMs, tryMs, true, () => share)).toBeLessThan(10_000)
      expect(waited(goneMs, tryMs, false, () => share)).toBeLessThanOrEqual(2_600)
    }),
    { numRuns: 2_000 },
  )
})

test('a broker that was gone for a while is there again: so is the appliance', async () => {
  const studio = await ReferenceStudio.start()
  const wire = await new Wire(studio.brokers[0] ?? '').start()
  const { channel, id, end } = await applianceOf(studio, {
    brokers: [wire.url],
    backoff: { ...PATIENT, quick: 20, soon: 50 },
  })
  await expect.poll(() => channel.state.connected, { timeout: 5_000 }).toBe(true)
  const tries = vi.spyOn(Link, 'open')
  await wire.cut()
  await expect.poll(() => tries.mock.calls.length, { timeout: 5_000 }).toBeGreaterThan(2)
  const command = await studio.send(id, 'config.get', {})
  await wire.start()
  await expect.poll(() => studio.acks(command), { timeout: 3_000 }).toContain('done')
  await end()
  await wire.stop()
  await studio.stop()
})

test('where nobody hears of it, it is tried again soon, for as long as it lasts', async () => {
  const studio = await ReferenceStudio.start()
  const tries = vi.spyOn(Link, 'open')
  const { channel, end } = await applianceOf(studio, {
    brokers: ['mqtts://studio.invalid:8883'],
    backoff: { ...PATIENT, quick: 20, unheard: 50 },
  })
  await expect.poll(() => tries.mock.calls.length, { timeout: 5_000 }).toBeGreaterThan(3)
  expect(channel.state.fault?.code).toBe('STUDIO_UNKNOWN_HOST')
  await end()
  await studio.stop()
})
