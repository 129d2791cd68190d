import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../runtime/lib/ids.ts'
import { ApplianceProcess } from '../peers/appliance.ts'
import { scratch } from '../peers/run.ts'
import { StudioBox } from '../peers/studio/box.ts'
import { type OpenedStudio, openStudio } from '../peers/studio/open.ts'
import { OperatorBrowser } from './browser.ts'
import { seenOn, withRealAppliance } from './studio-real.ts'

let opened: OpenedStudio
let box: StudioBox
const folder = scratch('studio-page')
const appliance = new ApplianceProcess({ env: { NODE_EXTRA_CA_CERTS: join(folder.path, 'ca.pem') } })
const browser = new OperatorBrowser()

beforeAll(async () => {
  opened = await openStudio({ folder: folder.path, ports: {} })
  box = await StudioBox.start({
    ...{ serial: '01M84GE7QACW3ZN9AVA41MGNTQ', ca: opened.studio.authority.pem },
    carryOut: async ({ command: { type } }) =>
      type === 'vistter.command.config.get'
        ? { result: { version: 7, settings: { locationName: 'Old Harbour', timezone: 'Europe/Rome' } } }
        : undefined,
  })
})
afterAll(async () => {
  await browser.close()
  await Promise.all([box.stop(), appliance.remove()])
  await opened.stop()
  rmSync(folder.path, { recursive: true, force: true })
})

const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 10_000 })
const OUT = {
  program: { source: 'Harbour', overlays: ['welcome'], fallback: false },
  outputs: [{ name: 'Local platform', state: { status: 'live' } }],
  cameras: [
    { name: 'Harbour', state: { status: 'online' } },
    { name: 'Market square', state: { status: 'offline' } },
  ],
  health: { status: 'ok', load: [0.41, 0.38, 0.3], cpus: 4, memory: { total: 16e9, free: 9.87e9 }, uptime: 93_600.4 },
}

test('the desk of the reference Studio: pair, see, send, publish, look back', async () => {
  const { studio, desk } = opened
  const time = Date.now()
  const page = await browser.open('about:blank')
  await page.context().setHTTPCredentials({ username: 'studio', password: desk.password })
  await page.goto(studio.url)
  await page.getByText('No appliance yet').waitFor()

  await page.getByRole('button', { name: 'Make a code' }).click()
  const code = (await page.locator('.code').textContent()) ?? ''
  await box.pair(studio.url, code)
  await page.getByRole('heading', { name: '01M84GE7QACW3ZN9AVA41MGNTQ' }).waitFor()
  await soon(() => box.isConnected).toBe(true)
  const { studio: channel } = box
  await channel.sample({ type: 'vistter.telemetry', time, data: OUT })
  await channel.tell('event', {
    ...{ type: 'vistter.event.settings.changed', time },
    data: {
      ...{ severity: 'info', message: 'Settings were changed: locationName.', actor: 'studio' },
      details: {
        version: 7,
        paths: ['/locationName'],
        patch: [{ op: 'replace', path: '/locationName', value: 'Old Harbour' }],
      },
    },
  })
  // A password makes no version: there is nothing to undo.
  await channel.tell('event', {
    ...{ type: 'vistter.event.settings.changed', time },
    data: {
      ...{ severity: 'info', message: 'Settings were changed: proxy/password.', actor: 'admin' },
      details: { version: 7, paths: ['/proxy/password'], patch: [] },
    },
  })
  await channel.tell('event', {
    ...{ type: 'vistter.event.camera.offline', time },
    data: { severity: 'warning', message: 'Market square does not answer.' },
  })
  await channel.tell('proof', {
    ...{ type: 'vistter.proof', time },
    data: {
      ...{ id: 3, kind: 'overlay', program: 'main', overlay: 'welcome', cue: 'line', asset: 'logo', frames: 900 },
      ...{ advertisers: ['Pier 3'], ended: true, hash: '' },
      ...{ from: new Date(time - 30_000).toISOString(), to: new Date(time).toISOString() },
    },
  })
  await page.getByText('Market square').waitFor()
  for (const words of ['0.4, 0.4, 0.3 on 4 cores', '9.9 GB of 16.0 GB free', '26 h'])
    await page.getByText(words).waitFor()
  const seen = (name: string) => seenOn(page, `studio-${name}`)
  await seen('now')

  await page.getByRole('tab', { name: 'Send' }).click()
  await page.getByLabel('Command', { exact: true }).selectOption({ label: 'program.take' })
  await seen('send')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await soon(() => box.orders.map(({ command }) => command.type)).toEqual(['vistter.command.program.take'])

  await page.getByRole('tab', { name: 'Publish' }).click()
  await seen('publish')
  await page.getByRole('button', { name: 'Publish and start' }).click()
  await soon(() => box.orders.length).toBe(3)
  await page.setInputFiles('input[type=file]', {
    name: 'a.vseg',
    mimeType: 'application/zip',
    buffer: Buffer.from(newId()),
  })
  await page.locator('form', { hasText: 'Segment' }).locator('button').click()
  await soon(() => box.orders.at(-1)?.command.type).toBe('vistter.command.segment.publish')
  const { url } = (box.orders.at(-1)?.command.data ?? { url: '' }) as { url: string }
  expect((await page.request.get(url)).status()).toBe(200)

  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByText('timeline.start').waitFor()
  await soon(() => page.locator('li .pill.good').count()).toBe(4)
  await page.locator('li details summary').first().click()
  await seen('history')
  await page.getByRole('button', { name: 'Send again' }).first().click()
  await soon(() => channel.state().refused.replayed).toBe(1)
  expect(box.orders.length).toBe(4)

  await page.getByRole('tab', { name: 'Configuration' }).click()
  await page.getByRole('button', { name: 'Ask for it' }).click()
  await page.getByText('"Europe/Rome"').waitFor()
  await page.getByText('/proxy/password').waitFor()
  await seen('configuration')
  page.once('dialog', dialog => dialog.accept())
  await page.getByRole('button', { name: 'Undo' }).click()
  await soon(() => box.orders.at(-1)?.command.data).toEqual({ rollback: 6 })

  await page.getByRole('tab', { name: 'Proof' }).click()
  await page.getByText('welcome').waitFor()
  await seen('proof')
  await page.getByRole('tab', { name: 'Events' }).click()
  await page.getByText('Market square does not answer.').waitFor()
  await seen('events')

  page.once('dialog', dialog => dialog.accept())
  await page.getByRole('button', { name: 'Revoke' }).click()
  await soon(() => channel.state().paired).toBe(false)
  await page.locator('#appliance').getByText('revoked', { exact: true }).waitFor()
  expect(browser.complaints.filter(text => !text.includes('401'))).toEqual([])
})

test('a whole appliance: publish a timeline, an overlay and a segment, change its configuration and undo it', async () => {
  const { studio, desk } = opened
  const before = new Set(studio.ledger.appliances().map(({ id }) => id))
  await appliance.start()
  await appliance.setUp()
  await appliance.api.post('/studio/pair', { url: studio.url, code: studio.issue() })
  const present = () => studio.ledger.appliances().find(({ id }) => !before.has(id))?.id
  await soon(present).toBeDefined()
  const page = await browser.open('about:blank')
  await page.context().setHTTPCredentials({ username: 'studio', password: desk.password })
  await page.goto(`${studio.url}/#${present()}`)
  await withRealAppliance(page, appliance)
  expect(browser.complaints.filter(text => !text.includes('401'))).toEqual([])
}, 60_000)
