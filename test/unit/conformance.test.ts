import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApplianceSubject } from '../conformance/appliance/scene.ts'
import { APPLIANCE_CASES } from '../conformance/appliance/suite.ts'
import { conform, type Verdict } from '../conformance/case.ts'
import { Person } from '../conformance/studio/person.ts'
import { StudioBox } from '../peers/studio/box.ts'
import { Command } from '../peers/studio/command.ts'
import { Desk } from '../peers/studio/desk.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'
import { scratch } from './studio-stage.ts'

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

describe('npm run conformance', () => {
  test('npm run studio passes every case: exit code 0, and the verdicts as JSON', { timeout: 120_000 }, async () => {
    const folder = scratch()
    const server = Command.studio(['--port', '0', '--data', folder])
    const [, url = ''] = await server.says(/Reference Studio +(\S+)/)
    const password = readFileSync(join(folder, 'password'), 'utf8').trim()
    const asks = ['--studio', url, '--ca', join(folder, 'ca.pem'), '--json']
    const suite = Command.conformance(asks, { VISTTER_STUDIO_PASSWORD: password })
    expect(await suite.ended()).toBe(0)
    allPassed(JSON.parse(suite.out), 120)
    expect(suite.err).toMatch(/^(\d+) cases, \1 passed, 0 failed$/m)
    await server.quit()
  })

  test('a Studio that keeps codes for ever: exit code 1; which case, what was wanted, where that stands', {
    timeout: 60_000,
  }, async () => {
    studio.now = () => Date.now()
    const asks = ['--studio', studio.url, '--ca', trusted(), '--only', 'minutes']
    const suite = Command.conformance(asks, { VISTTER_STUDIO_PASSWORD: desk.password })
    expect(await suite.ended()).toBe(1)
    expect(suite.out).toMatch(/^ok {4}Codes: a code is good for 9 minutes \(\d+ ms\)$/m)
    expect(suite.out).toMatch(
      /^FAIL {2}Codes: after 11 minutes .*\n {6}wanted 410, saw 200 \n {6}docs\/studio\/channel\.md#codes$/m,
    )
    expect(suite.out).toMatch(/^3 cases, 1 passed, 2 failed$/m)
  })

  test('what cannot be tried: exit code 2, and what to do', { timeout: 60_000 }, async () => {
    const all = [Command.conformance([]), Command.conformance(['--studio', 'https://localhost:1', '--only', 'xyzzy'])]
    expect(await Promise.all(all.map(one => one.ended()))).toEqual([2, 2])
    expect(all.map(({ out }) => out.split('\n')[0])).toEqual([
      expect.stringContaining('npm run conformance -- --studio URL'),
      expect.stringContaining('Set VISTTER_STUDIO_PASSWORD'),
    ])
    const { url, authority } = studio
    const ready = (at: string, ca?: string, password = desk.password) => new Person(at, ca, 'studio', password).ready()
    await ready(url, authority.pem)
    await expect(ready(url, authority.pem, 'wrong')).rejects.toThrow(/does not take this user and password/)
    await expect(ready(url)).rejects.toThrow(/cannot be asked: .* Give the CA that signed its certificate with --ca/)
    await expect(ready('https://localhost:1')).rejects.toThrow(/localhost:1 cannot be asked: .*ECONNREFUSED/)
    await expect(ready(`${url}/elsewhere`, authority.pem)).rejects.toThrow(/404: docs\/studio\/conformance.md/)
  })

  test('an appliance pairs with the Studio that it makes: exit code 0', { timeout: 60_000 }, async () => {
    const folder = scratch()
    const suite = Command.conformance(['--appliance', '--port', '0', '--data', folder, '--only', 'program.take'])
    const [, url = '', code = ''] = await suite.says(/Pair the appliance with (\S+) and the code (\S+)\./)
    const box = await StudioBox.start({ serial: 'S2', ca: readFileSync(join(folder, 'ca.pem'), 'utf8') })
    await box.pair(url, code)
    expect(await suite.ended()).toBe(0)
    expect(suite.out).toMatch(/^6 cases, 6 passed, 0 failed$/m)
    expect(box.orders.length).toBeGreaterThan(0)
    await box.stop()
  })
})

function trusted(): string {
  const file = join(scratch(), 'ca.pem')
  writeFileSync(file, studio.authority.pem)
  return file
}

function allPassed(verdicts: Verdict[], least: number): void {
  expect(verdicts.filter(({ passed }) => !passed)).toEqual([])
  expect(verdicts.length).toBeGreaterThanOrEqual(least)
}
