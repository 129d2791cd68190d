import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ADMIN, ApplianceProcess } from '../peers/appliance.ts'
import { probe } from '../peers/media.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { RtspCamera } from '../peers/rtsp-camera.ts'
import { until } from '../peers/run.ts'
import { KEY } from '../peers/stage.ts'
import { LOGIN, WebDav } from '../peers/webdav.ts'
import { expectAccessible } from './accessible.ts'
import { DESKTOP, look, OperatorBrowser, PHONE, type Playback, playback } from './browser.ts'
import { closeToLive } from './glass.ts'
import { overlaysOnThePage } from './overlays.ts'
import { proxyOnThePage } from './proxy.ts'
import { segmentsOnThePage } from './segments.ts'

/** The first day of an operator, in Debian's Chromium, on the real appliance with a real camera and a real RTMP server. */
const appliance = new ApplianceProcess()
const camera = new RtspCamera({ size: 'small' })
const platform = new RtmpPlatform([KEY])
const dav = new WebDav()
const browser = new OperatorBrowser()
let page: Page

/** The camera's test picture is colour bars, the slate is nearly grey: this stands between them. */
const COLOURFUL = 60

beforeAll(async () => {
  await Promise.all([appliance.start(), camera.start(), platform.start(), dav.start()])
  page = await browser.open(appliance.url)
  page.setDefaultTimeout(20_000)
}, 180_000)
afterEach(({ task }) => {
  if (task.result?.state === 'fail') return look(page, 'failed').then(() => undefined)
})
afterAll(async () => {
  await browser.close()
  await Promise.all([appliance.remove(), camera.stop(), platform.remove(), dav.remove()])
})

const field = (label: string) => page.getByLabel(label, { exact: true })
const button = (name: string | RegExp) => page.getByRole('button', { name })

test('set-up asks for three things, knows the time zone, and leads to the dashboard', async () => {
  expect(await field('Time zone').inputValue()).toBe('Europe/Rome')
  for (const size of [DESKTOP, PHONE]) await fits('set-up', size)
  await field('Name of this place').fill('Harbour Café')
  await field('User name').fill(ADMIN.username)
  await field('Password').fill(ADMIN.password)
  await button('Finish set-up').click()
  await page.waitForURL('**/dashboard/**')
  await page.getByRole('heading', { name: 'Harbour Café' }).waitFor()
})

test('signing in again: a wrong password is explained, the right one leads to the page that was asked for', async () => {
  await button('Sign out').click()
  await field('User name').waitFor()
  await fits('sign-in', PHONE)
  await page.goto(`${appliance.url}/dashboard/show`)
  await field('User name').fill(ADMIN.username)
  await field('Password').fill('not the password')
  await button('Sign in').click()
  await page.getByRole('alert').filter({ hasText: 'Check user name and password.' }).waitFor()
  await field('Password').fill(ADMIN.password)
  await button('Sign in').click()
  await page.waitForURL('**/dashboard/show')
  browser.complaints.length = 0
  // Survives only as long as nothing reloads the page.
  await page.evaluate('window.neverReloaded = true')
})

test('a camera with a wrong password is refused in plain words, then added, and is the program', async () => {
  await button('Add the first camera').click()
  await field('Name').fill('Pier')
  await page.getByLabel('Address').fill(camera.url)
  await field('User name').fill(camera.username)
  await field('Password').fill('wrong')
  await button('Add camera').last().click()
  await page.getByText('Sign in: failed').waitFor()
  await field('Password').fill(camera.password)
  await button('Add camera').last().click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('listitem').filter({ hasText: 'Pier' }).getByText('Online').waitFor()
  await page.getByText('On program').waitFor()
  await until('the thumbnail has a picture', () =>
    page.evaluate(`document.querySelector('.vs-camera img')?.naturalWidth > 0`),
  )
  // The refusal itself is a failed request on the console; nothing else was wrong.
  expect(browser.complaints.splice(0).filter(text => !text.includes('422'))).toEqual([])
})

test('the live program really plays, less than a second behind the camera', async () => {
  await until('the camera is seen', async () => (await playback(page)).colour > COLOURFUL)
  expect((await plays()).brightness).toBeGreaterThan(20)
  await closeToLive(page, camera)
})

test('after the browser held the picture up, it catches up with live', async () => {
  await page.evaluate(`(async () => {
    const video = document.querySelector('.vs-program video')
    video.pause()
    await new Promise(resolve => setTimeout(resolve, 2_000))
    await video.play()
  })()`)
  await closeToLive(page, camera)
})

test('how loud the program is can be seen', async () => {
  const level = page.locator('.vs-level')
  await level.getByText('–', { exact: true }).waitFor()
  await appliance.api.signIn(ADMIN.username, ADMIN.password)
  const [{ id }] = await appliance.api.get<{ id: string }[]>('/cameras')
  await appliance.api.patch(`/cameras/${id}`, { audio: 'on' })
  await level.getByText(/^−\d+\.\d$/).waitFor()
  const peak = () => page.evaluate<number>(`document.querySelector('.vs-level meter').value`)
  await until('the beep is seen', async () => (await peak()) > -12)
  for (const size of [PHONE, DESKTOP]) await fits('level', size)
})

test('a take is seen in the browser within two seconds', async () => {
  const began = systemClock.mono()
  await button('Take slate').click()
  await until('the slate is seen', async () => (await playback(page)).colour < COLOURFUL, { everyMs: 20 })
  expect(systemClock.mono() - began).toBeLessThan(2_000)
  await button('Take Pier to program').click()
  await until('the camera is seen again', async () => (await playback(page)).colour > COLOURFUL)
})

test('a destination is added and started; its state is pushed, not reloaded; stopping it live is asked twice', async () => {
  await button('Add the first destination').click()
  await page.getByLabel('Platform').selectOption('rtmp')
  await field('Name').fill('Town hall')
  await page.getByLabel('Address').fill(platform.url)
  await page.getByLabel('Stream key').fill('not the key')
  await button('Test').last().click()
  await page.getByText('Stream key: failed').waitFor()
  for (const size of [PHONE, DESKTOP]) await fits('destination-test', size)
  await page.getByLabel('Stream key').fill(KEY)
  await button('Test').last().click()
  await page.getByText('Stream key: fine').waitFor()
  expect(platform.publishes.every(({ ended }) => ended)).toBe(true)
  await button('Add destination').last().click()
  const row = page.getByRole('listitem').filter({ hasText: 'Town hall' })
  await row.getByText('Stopped', { exact: true }).waitFor()
  await button('Start Town hall').click()
  await row.getByText('Live', { exact: true }).waitFor()
  await page.getByText('On air', { exact: true }).waitFor()
  await row.getByText(/Mbit\/s|[1-9]\d* kbit\/s/).waitFor()
  await row.getByText(/^Software encoder \(\w+\)$/).waitFor()
  // The test of the key, and the broadcast.
  expect(platform.connections).toBe(2)
  await button('Test Town hall').click()
  await page.getByText('Stream key: fine').waitFor()
  await button('Close').click()
  expect(platform.connections).toBe(2)
  for (const size of [PHONE, DESKTOP]) await fits('dashboard', size)
  await expectAccessible(page, 'the page of the show')

  await button('Stop Town hall').click()
  await button('Stay live').click()
  await row.getByText('Live', { exact: true }).waitFor()
  await button('Stop Town hall').click()
  await button('Stop the broadcast').click()
  await row.getByText('Stopped', { exact: true }).waitFor()
  expect(await page.evaluate('window.neverReloaded')).toBe(true)
  expect(browser.complaints).toEqual([])
})

test('what an override stops says so, and its button is the one that does something', async () => {
  const row = page.getByRole('listitem').filter({ hasText: 'Town hall' })
  await appliance.api.post('/program/override', { kind: 'stop', reason: 'Closing time' })
  await button('Start Town hall').click()
  await row.getByText('Waiting', { exact: true }).waitFor()
  await row.getByText('Closing time').waitFor()
  for (const size of [PHONE, DESKTOP]) await fits('held', size)
  await button('Stop Town hall').click()
  await row.getByText('Stopped', { exact: true }).waitFor()
  await appliance.api.delete('/program/override')
  await button('Start Town hall').waitFor()
})

test('an override says who and why, and is ended; a destination and a camera are changed in their forms', async () => {
  await button('Override…').click()
  await field('Why').fill('Fire drill')
  await page.getByLabel('For how long').selectOption('15 minutes')
  for (const size of [PHONE, DESKTOP]) await fits('override', size)
  await button('Override now').click()
  await page.getByText('Slate override: Fire drill').waitFor()
  await page.getByText(`by ${ADMIN.username}`).waitFor()
  await until('the slate is seen', async () => (await playback(page)).colour < COLOURFUL)
  await button('End it').click()
  await button('Override…').waitFor()

  await button('Change Town hall').click()
  await page.getByText('Picture and bitrate').click()
  await page.getByLabel('Size').selectOption('720p (1280 × 720)')
  await field('Video (kbit/s)').fill('2500')
  await page.getByLabel('H.264 profile').selectOption('main')
  for (const size of [PHONE, DESKTOP]) await fits('destination-form', size)
  const patch = page.waitForRequest(request => request.method() === 'PATCH')
  await button('Save').click()
  // An address that nobody changed must stay what it was: a platform's own may move.
  expect(Object.keys((await patch).postDataJSON())).toEqual(['profile'])
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await button('Change Pier').click()
  await page.getByText('Picture, sound and readiness').click()
  await page.getByLabel('Other shapes').selectOption('Cropped to fill the frame')
  for (const size of [PHONE, DESKTOP]) await fits('camera-form', size)
  await button('Save').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Pier' })
    .getByText(/^cropped/)
    .waitFor()
  const stored = await page.evaluate(`fetch('/api/v1/destinations').then(answer => answer.json())`)
  const profile = { width: 1280, height: 720, videoBitrate: 2500, h264Profile: 'main', keyframeInterval: 2 }
  expect(stored).toMatchObject([{ profile, autoBitrate: false }])
  expect(browser.complaints).toEqual([])
})

test('the program is recorded, downloaded and removed', async () => {
  await button('Record').click()
  const row = page.locator('.vs-recording')
  await row.getByText('Recording', { exact: true }).waitFor()
  await row.getByText(/[1-9]\d* MB/).waitFor()
  for (const size of [PHONE, DESKTOP]) await fits('recording', size)
  await button('Stop recording').click()
  const coming = page.waitForEvent('download')
  await row.getByRole('link', { name: /^Download/ }).click()
  const download = await coming
  expect(await probe(await download.path())).toMatchObject({ video: { codec: 'h264' }, audio: { codec: 'aac' } })
  await button('Uploads').click()
  await page.getByLabel('Bring finished recordings to').selectOption('put')
  await page.getByLabel('Address').fill(dav.url)
  await field('User name').fill(LOGIN.username)
  await page.getByLabel('Password').fill(LOGIN.password)
  for (const size of [PHONE, DESKTOP]) await fits('upload-form', size)
  await button('Save').click()
  await row.getByText('Uploaded', { exact: true }).waitFor()
  await page.getByText(`Uploaded to ${new URL(dav.url).host}, at most 10.0 Mbit/s.`).waitFor()
  for (const size of [PHONE, DESKTOP]) await fits('recorded', size)
  await row.getByRole('button', { name: 'Remove' }).click()
  await row.getByRole('button', { name: 'Really remove' }).click()
  await page.getByText(/^Nothing recorded yet/).waitFor()
  expect(browser.complaints).toEqual([])
})

test('an overlay is added, looked at, played by scene with its live value, stopped and removed', async () => {
  await overlaysOnThePage(page, appliance)
  expect(browser.complaints).toEqual([])
})

test('the picture comes back by itself after the engine died', async () => {
  const pid = appliance.kill('engine')
  await page.locator('.vs-poster').waitFor()
  await appliance.reborn('engine', pid)
  await plays()
  await until('the camera is seen again', async () => (await playback(page)).colour > COLOURFUL)
})

test('a segment is added, previewed, queued, moved, stopped and removed; a bad one is refused with a reason', async () => {
  browser.complaints.length = 0
  await segmentsOnThePage(page, appliance.url)
  // Chromium's own line about the package that was refused.
  expect(browser.complaints).toEqual([expect.stringContaining('422')])
})

test('a proxy is entered and taken away; what is wrong with it on the way to a Studio is told with what to do', async () => {
  browser.complaints.length = 0
  // The API knows the same user.
  await appliance.api.signIn(ADMIN.username, ADMIN.password)
  await proxyOnThePage(page, appliance)
  // Chromium's own lines about pairings that failed.
  expect(browser.complaints.filter(text => !text.includes('422'))).toEqual([])
})

/** Longer than any buffer lasts: what has played so far came over the connection that is open now. */
async function plays(): Promise<Playback> {
  let from = await playback(page)
  return until(
    'two seconds of the program played',
    async () => {
      const now = await playback(page)
      if (now.currentTime < from.currentTime) from = now
      return now.currentTime > from.currentTime + 2 && now.decoded > from.decoded && now
    },
    { timeoutMs: 30_000 },
  )
}

async function fits(name: string, size: typeof DESKTOP): Promise<void> {
  const { content, screen } = await look(page, name, size)
  expect(content, `${name} is wider than a screen of ${screen} pixels`).toBeLessThanOrEqual(screen)
}
