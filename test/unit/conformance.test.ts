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
  allPassed(verdicts)
})

test("the product's channel passes every case for appliances", { timeout: 120_000 }, async () => {
  const box = await StudioBox.start({ serial: 'S1', ca: studio.authority.pem })
  await box.pair(studio.url, studio.issue())
  await expect.poll(() => box.isConnected, { timeout: 5_000 }).toBe(true)
  allPassed(await conform('appliance', APPLIANCE_CASES, new ApplianceSubject(studio, box.appliance)))
  await box.stop()
})

function allPassed(verdicts: Verdict[]): void {
  expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
  expect(verdicts.length).toBeGreaterThanOrEqual(80)
}
