import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ADMIN, ApplianceProcess } from '../peers/appliance.ts'
import { PtzCamera } from '../peers/ptz-camera.ts'
import { until } from '../peers/run.ts'
import { DESKTOP, look, OperatorBrowser, PHONE } from './browser.ts'

/** Cameras that move, as an operator has them in a browser: on the real appliance, with a camera whose picture really moves. */
const appliance = new ApplianceProcess()
const camera = new PtzCamera({ address: '127.0.0.61', name: 'Nave camera' })
const browser = new OperatorBrowser()
let page: Page

beforeAll(async () => {
  await Promise.all([appliance.start(), camera.start()])
  await appliance.setUp()
  const { url, username, password, address: host, port } = camera
  const login = { url, username, password }
  await appliance.api.post('/cameras?force=true', { name: 'Nave', ...login, onvif: { host, port } })
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
const panel = () => page.getByRole('region', { name: 'Steer Nave', exact: true })
const stick = () => page.getByRole('application')

test('a camera that moves is steered with the mouse, and stands when it is let go, or the page is closed', async () => {
  await appliance.api.post('/program/take', { source: 'slate' })
  await button('Steer Nave').click()
  await panel()
    .getByText(/^Stands at/)
    .waitFor()
  await until('the slate is on air', async () => (await stick().getAttribute('aria-disabled')) === 'false')
  const box = await stick().boundingBox()
  if (!box) throw new Error('there is no stick')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + box.width / 3, y)
  await until('it turns', () => camera.position.pan > 0.1)
  for (const size of [PHONE, DESKTOP]) await fits('steer', size)
  await page.mouse.up()
  await stands('let go')
  expect(camera.position.tilt).toBeCloseTo(0, 1)
  await stick().focus()
  await page.keyboard.down('ArrowUp')
  await until('it looks up', () => camera.moving)
  await page.close()
  await stands('the page is gone')
})

async function signedIn(): Promise<Page> {
  const opened = await browser.open(appliance.url)
  opened.setDefaultTimeout(20_000)
  await opened.getByLabel('User name', { exact: true }).fill(ADMIN.username)
  await opened.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await opened.getByRole('button', { name: 'Sign in' }).click()
  await opened.waitForURL('**/dashboard/**')
  return opened
}

/** Within half a second, and what the camera itself needs to brake. */
async function stands(why: string): Promise<void> {
  const begun = systemClock.mono()
  await until(`it stands: ${why}`, () => !camera.moving, { everyMs: 10 })
  expect(systemClock.mono() - begun, why).toBeLessThan(500)
}

async function fits(name: string, size: typeof DESKTOP): Promise<void> {
  const { content, screen } = await look(page, name, size)
  expect(content, `${name} is wider than a screen of ${screen} pixels`).toBeLessThanOrEqual(screen)
}
