import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApplianceSubject } from '../conformance/appliance/scene.ts'
import { APPLIANCE_CASES } from '../conformance/appliance/suite.ts'
import { conform, type Verdict } from '../conformance/case.ts'
import { Subject } from '../conformance/studio/guest.ts'
import { STUDIO_CASES } from '../conformance/studio/suite.ts'
import { StudioBox } from '../peers/studio/box.ts'
import { Desk } from '../peers/studio/desk.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'

let studio: ReferenceStudio
let desk: Desk
beforeAll(async () => {
  studio = await ReferenceStudio.start()
  desk = new Desk(studio)
})
afterAll(async () => {
  desk.stop()
  await studio.stop()
})

test('the reference Studio passes every case for Studios', { timeout: 120_000 }, async () => {
  const subject = new Subject(studio.url, studio.authority.pem, 'studio', desk.password)
  const verdicts = await conform('studio', STUDIO_CASES, subject)
  await subject.close()
  allPassed(verdicts, 120)
})

/** These wait until the channel has come back; studio-channel.test.ts looks at that. */
const AT_ONCE = APPLIANCE_CASES.filter(({ name }) => !/line breaks|was away/.test(name))
/** Of what is tried with each command, a third; `npm run conformance` tries it all. */
const SHORT = AT_ONCE.filter(({ name }, n) => !name.startsWith('vistter.command.') || n % 3 === 0)

test("the product's channel passes every case for appliances", { timeout: 120_000 }, async () => {
  const box = await StudioBox.start({ serial: 'S1', ca: studio.authority.pem })
  await box.pair(studio.url, studio.issue())
  await expect.poll(() => box.isConnected, { timeout: 5_000 }).toBe(true)
  allPassed(await conform('appliance', SHORT, new ApplianceSubject(studio, box.appliance)), 60)
  await box.stop()
})

function allPassed(verdicts: Verdict[], least: number): void {
  expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
  expect(verdicts.length).toBeGreaterThanOrEqual(least)
}
