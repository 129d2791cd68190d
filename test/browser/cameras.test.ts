import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Camera, Destination, Preset } from '../../runtime/contract/generated/openapi.v1.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ADMIN, ApplianceProcess } from '../peers/appliance.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'
import { sellSpots } from './ads.ts'
import { DESKTOP, look, OperatorBrowser, PHONE } from './browser.ts'
import { giveHours } from './schedules.ts'
import { keepDrafts, runShow, TimelinePage, writeShow } from './timelines.ts'

/** Cameras that move, as an operator has them in a browser: on the real appliance, with a camera whose picture really moves. */
const ADDRESS = '127.0.0.71'
const appliance = new ApplianceProcess()
const camera = new PtzCamera({ address: ADDRESS, name: 'Nave camera' })
const browser = new OperatorBrowser()
let page: Page
let on: TimelinePage

beforeAll(async () => {
  await Promise.all([appliance.start(), camera.start()])
  await appliance.setUp()
  await wireBars()
  page = await signedIn()
}, 180_000)
afterEach(({ task }) => {
  if (task.result?.state === 'fail') return look(page, 'cameras-failed').then(() => undefined)
})
afterAll(async () => {
  await browser.close()
  await Promise.all([appliance.remove(), camera.stop()])
})

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const field = (label: string) => page.getByLabel(label, { exact: true })
const stick = () => page.getByRole('application')
const row = (name: string) => page.locator('.vs-preset').filter({ hasText: name })
const stored = async () => (await appliance.api.get<Camera[]>('/cameras'))[0]

test('a camera is found, its pictures are looked up, its test is shown stage by stage, and it is added', async () => {
  await button('Add the first camera').click()
  await page.getByText('More ways to look').click()
  await page.getByLabel('Where else to look').fill(`${ADDRESS}-${ADDRESS}`)
  await button('Find cameras').click()
  await button(new RegExp(`${ADDRESS}:${camera.port}`)).click()
  await field('Name').fill('Nave')
  await field('User name').fill(camera.username)
  await field('Password').fill('wrong')
  await button('Look up its pictures').click()
  await page.getByRole('alert').filter({ hasText: 'password' }).waitFor()
  await field('Password').fill(camera.password)
  await button('Look up its pictures').click()
  await page.locator('.vs-choice select').selectOption({ label: 'Main: 640 × 360, H264, 30 fps' })
  await button('Test').click()
  await page.getByText('Control it: works').waitFor()
  expect(await loaded('.vs-first-picture')).toBe(640)
  for (const size of [PHONE, DESKTOP]) await fits('find-cameras', size)
  await button('Add camera').last().click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await stored()).toMatchObject({ url: camera.url, onvif: { host: ADDRESS, port: camera.port } })
  await page.getByRole('listitem').filter({ hasText: 'Nave' }).getByText('Online').waitFor()
})

test('a camera that viewers see asks first, then is steered; it stands when it is let go', async () => {
  await button('Steer Nave').click()
  await button('Steer on air…').click()
  await button('Steer on air').click()
  await free()
  await stick().scrollIntoViewIfNeeded()
  const box = await stick().boundingBox()
  if (!box) throw new Error('there is no stick')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + box.width / 3, y)
  await until('it turns', () => camera.position.pan > 0.1)
  await page.mouse.up()
  await stands('let go')
  expect(camera.position.tilt).toBeCloseTo(0, 1)
})

test('presets are saved and tested, told apart by their shots, put in order, found and gone to', async () => {
  await field('Name of what it shows').fill('Altar')
  await page.getByLabel('Shot id').fill('shot-1')
  await button('Save and test').click()
  await page.getByText(/^Arrived, verified, in \d\.\d s$/).waitFor()
  expect(await loaded('.vs-preset img')).toBeGreaterThan(0)
  camera.turn({ pan: -0.3, tilt: 0.1, zoom: 0 })
  await field('Name of what it shows').fill('Choir')
  await page.getByLabel('Shot id').fill('shot-1')
  await button('Save as preset').click()
  const shot = page.getByLabel('Shot id')
  await until('the field says so', async () => (await shot.getAttribute('aria-invalid')) === 'true')
  await page.getByText('The shot shot-1 is the preset Altar already.').waitFor()
  await shot.fill('')
  await button('Save as preset').click()
  await row('Choir').waitFor()
  await button('Place of Choir: 2 of 2').press('ArrowUp')
  await page.getByText('Choir is number 1 of 2').waitFor()
  await button('Go to Altar').click()
  await row('Altar')
    .getByText(/^Arrived, verified/)
    .waitFor()
  await row('Altar').getByText('Here', { exact: true }).waitFor()
  for (const size of [PHONE, DESKTOP]) await fits('steer', size)
  // Not really: the show would hold the camera for five seconds.
  await page.route('**/take', route => route.fulfill({ json: {} }))
  const take = page.waitForRequest('**/take')
  await button('Take Choir to program').click()
  const { id } = (await stored()) ?? {}
  expect((await take).postDataJSON()).toEqual({ source: id, preset: expect.any(String), swing: 'freeze' })
  const kept = await appliance.api.get<Preset[]>(`/cameras/${id}/presets`)
  expect(kept.map(({ name, shotId }) => [name, shotId])).toEqual([
    ['Choir', null],
    ['Altar', 'shot-1'],
  ])
})

test('a destination carries the camera at a preset, or wherever it looks', async () => {
  await button('Add the first destination').click()
  await page.getByLabel('Platform').selectOption('file')
  await field('Name').fill('Altar feed')
  await page.getByLabel('Address').fill(`file://${appliance.data}/recordings/never-started.flv`)
  expect(await page.getByLabel('Looking at').count()).toBe(0)
  await page.getByLabel('Carries').selectOption({ label: 'only Nave, without overlays' })
  await page.getByLabel('Looking at').selectOption({ label: 'Altar' })
  for (const size of [PHONE, DESKTOP]) await fits('destination-preset', size)
  await button('Add destination').last().click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const source = async () => (await appliance.api.get<Destination[]>('/destinations'))[0]?.source
  expect(await source()).toEqual({ camera: expect.any(String), preset: expect.any(String) })
  await button('Change Altar feed').click()
  await page.getByLabel('Looking at').selectOption({ label: 'wherever it looks' })
  await button('Save').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await source()).toEqual({ camera: expect.any(String) })
})

test('among a thousand presets one is found at once', async () => {
  const presets = Array.from({ length: 1_000 }, (_, n) => ({
    name: `Seat ${n}`,
    position: { pan: 0, tilt: 0, zoom: 0 },
  }))
  await page.locator('.vs-file input').setInputFiles({
    name: 'seats.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ presets })),
  })
  await button('Add them').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await row('Seat 0').waitFor()
  const took = await page.evaluate<number>(`(async () => {
    const input = document.querySelector('.vs-search')
    const begun = performance.now()
    input.value = 'seat 999'
    input.dispatchEvent(new Event('input'))
    while (document.querySelectorAll('.vs-preset').length !== 1) await new Promise(resolve => setTimeout(resolve))
    return performance.now() - begun
  })()`)
  expect(took).toBeLessThan(100)
  expect(browser.complaints.filter(text => !/4(09|22)/.test(text))).toEqual([])
})

test('a page that is closed while a key is held lets the camera stand', async () => {
  await appliance.api.post('/program/take', { source: 'slate' })
  await free()
  await stick().focus()
  await page.keyboard.down('ArrowUp')
  await until('it looks up', () => camera.moving)
  await page.close()
  await stands('the page is gone')
})

test('a show of its presets is written, dragged, undone, copied and saved; its moments are seen as on air', async () => {
  page = await signedIn()
  on = new TimelinePage(page, appliance)
  await writeShow(on, appliance)
})

test('an unsaved show outlives a reload and a lost connection; of two who change it, nobody undoes the other unasked', async () => {
  await keepDrafts(on, appliance)
  // A connection that was cut; what else there was is looked at below.
  const cut = /ERR_INTERNET_DISCONNECTED|SIO connect error/
  browser.complaints.splice(0, Infinity, ...browser.complaints.filter(text => !cut.test(text)))
})

test('a show is started, held, taken from and given back; who has control is told; it gets its hours', async () => {
  await runShow(on)
  await giveHours(on, appliance)
})

test('an advertiser books spots; what was planned and what was on air is told', async () => {
  await sellSpots(page, appliance)
  // What somebody has written, and no picture of a camera that is being taken.
  expect(browser.complaints.filter(text => !/4(09|22|04)/.test(text))).toEqual([])
})

async function signedIn(): Promise<Page> {
  const opened = await browser.open(appliance.url)
  opened.setDefaultTimeout(10_000)
  await opened.getByLabel('User name', { exact: true }).fill(ADMIN.username)
  await opened.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await opened.getByRole('button', { name: 'Sign in' }).click()
  await opened.waitForURL('**/dashboard/**')
  return opened
}

/** Colour bars on a wire to the program: something to choose that is no camera. */
async function wireBars(): Promise<void> {
  const editor = <T>(method: string, body?: unknown) => appliance.api.call<T>(method, '/editor/flows', body, true)
  const { body: flows } = await until('the editor answers', async () => {
    const answer = await editor<{ id: string; z?: string; type: string }[]>('GET')
    return answer.status === 200 && answer
  })
  const program = flows.find(({ type }) => type === 'vistter-program')
  const bars = { type: 'vistter-slate', content: 'bars', tone: false, role: 'source', wires: [[program?.id]] }
  expect((await editor('POST', [...flows, { ...bars, id: 'bars', z: program?.z, x: 110, y: 300 }])).status).toBe(204)
}

/** Nothing keeps the stick from moving the camera. */
const free = () => until('the stick is free', async () => (await stick().getAttribute('aria-disabled')) === 'false')

/** How wide a picture is, once it is there. */
const loaded = (image: string): Promise<number> =>
  until('the picture is there', () => page.evaluate<number>(`document.querySelector('${image}')?.naturalWidth`))

/** It is told to stop within half a second; how long it brakes is its own affair. */
async function stands(why: string): Promise<void> {
  const begun = systemClock.mono()
  await until(`it stands: ${why}`, () => !camera.moving, { everyMs: 10 })
  const asked = camera.asked.slice(-8).map(({ action, at }) => `${action} at ${Math.round(at - begun)} ms`)
  const stop = camera.asked.findLast(({ action }) => action === 'Stop')
  expect((stop?.at ?? Number.NaN) - begun, `${why}: ${asked.join(', ')}`).toBeLessThan(500)
}

async function fits(name: string, size: typeof DESKTOP): Promise<void> {
  const { content, screen } = await look(page, name, size)
  expect(content, `${name} is wider than a screen of ${screen} pixels`).toBeLessThanOrEqual(screen)
}
