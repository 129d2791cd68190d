import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../../runtime/lib/project.ts'
import { look, OperatorBrowser } from '../browser/browser.ts'
import { FlowHostRig, type FlowNode } from '../peers/flow-host.ts'
import { until } from '../peers/run.ts'

const PARTS = [
  'camera',
  'slate',
  'program',
  'timeline',
  'overlay',
  'encoder',
  'destination',
  'recorder',
  'override',
  'data',
  'preset',
  'driver',
  'inbox',
  'outbox',
  'schedule',
  'segment',
  'proof',
]

const shipped = JSON.parse(readFileSync(join(projectRoot(), 'flows', 'default.json'), 'utf8')) as FlowNode[]
/** Not part of the shipped flow, where overrides and values come from elsewhere. */
const others: FlowNode[] = [
  {
    ...{ id: 'vistter-show-override', type: 'vistter-override', z: 'vistter-show', x: 140, y: 320, wires: [[]] },
    ...{ name: '', version: 1, program: 'main', kind: 'slate', reason: '', minutes: 0 },
  },
  {
    ...{ id: 'vistter-show-data', type: 'vistter-overlay-data', z: 'vistter-show', x: 340, y: 320, wires: [[]] },
    ...{ name: '', version: 1, key: 'tide', property: 'payload', ttl: 0 },
  },
  {
    ...{ id: 'vistter-show-preset', type: 'vistter-ptz-preset', z: 'vistter-show', x: 540, y: 320, wires: [[], []] },
    ...{ name: '', version: 1, camera: '*', preset: '', swing: 'freeze', cutaway: '' },
  },
  {
    ...{ id: 'vistter-show-driver', type: 'vistter-ptz-driver', z: 'vistter-show', x: 340, y: 380, wires: [[]] },
    ...{ name: '', version: 1, camera: 'Quay', continuous: true, absolute: true, position: true },
    ...{ moveStatus: false, presets: 0 },
  },
  {
    ...{ id: 'vistter-show-schedule', type: 'vistter-schedule', z: 'vistter-show', x: 540, y: 380, wires: [[], []] },
    ...{ name: '', version: 1, timeline: '*' },
  },
  {
    ...{ id: 'vistter-show-segment', type: 'vistter-segment', z: 'vistter-show', x: 140, y: 440, wires: [[], []] },
    ...{ name: '', version: 1, segment: '' },
  },
  {
    ...{ id: 'vistter-show-proof', type: 'vistter-proof-of-play', z: 'vistter-show', x: 340, y: 440, wires: [[], []] },
    ...{ name: '', version: 1, advertiser: '', pictures: false },
  },
]

const rig = new FlowHostRig([...shipped, ...others])
const browser = new OperatorBrowser()
let page: Page

beforeAll(async () => {
  await rig.start()
  await rig.ready()
  rig.publish({ cameras: [{ id: 'c1', name: 'Door', status: 'online', moving: false }] })
  page = await browser.open(`${rig.url}/editor/`)
  await page.waitForSelector('.red-ui-flow-node', { timeout: 60_000 })
})
afterAll(async () => {
  await browser.close()
  await rig.stop()
})

test('the editor opens on the shipped flow without asking for a log-in, and offers our nodes', async () => {
  expect(await page.locator('#node-dialog-login').count()).toBe(0)
  expect(await page.locator('#red-ui-palette-VistterStream .red-ui-palette-node').count()).toBe(PARTS.length)
  await page.waitForFunction('document.body.textContent.includes("1 of 1 online")', undefined, { timeout: 10_000 })
  await until('our logo in the header', () =>
    page.evaluate(`document.querySelector('#red-ui-header .red-ui-header-logo img').naturalWidth > 0`),
  )
  expect(await page.locator('#red-ui-header').textContent()).toContain('VistterStream')
  await look(page, 'editor')
})

test.each(PARTS)('the form of the %s node has its words, and closes without a change', async part => {
  await page.evaluate(`RED.editor.edit(RED.nodes.node('vistter-show-${part}'))`)
  await page.waitForSelector('#node-dialog-ok', { state: 'visible' })
  const labels = await page.locator('#dialog-form .form-row:visible label').allTextContents()
  expect(labels.length).toBeGreaterThan(part === 'recorder' ? 0 : 1)
  for (const label of labels) expect(label.trim()).toMatch(/^[A-Z][\w ]+$/)
  expect(await page.locator('#dialog-form .form-tips').textContent()).toMatch(/\w+ \w+/)
  await settled()
  await look(page, `editor-${part}`)
  await page.click('#node-dialog-ok')
  await page.waitForSelector('#node-dialog-ok', { state: 'detached' })
  expect(await page.evaluate(`RED.nodes.node('vistter-show-${part}').changed === true`)).toBe(false)
})

test('a wrong number is marked with its reason', async () => {
  await page.evaluate("RED.editor.edit(RED.nodes.node('vistter-show-encoder'))")
  await page.waitForSelector('#node-input-profile', { state: 'visible' })
  expect(await page.locator('#node-input-width').isVisible()).toBe(false)
  await page.selectOption('#node-input-profile', 'own')
  await page.fill('#node-input-width', '12')
  await page.locator('#node-input-width').blur()
  await page.waitForSelector('#node-input-width.input-error')
  await settled()
  await look(page, 'editor-encoder-own', { width: 1280, height: 1180 })
  await page.click('#node-dialog-cancel')
  await page.waitForSelector('#node-dialog-ok', { state: 'detached' })
})

test('an edit and the deploy button change the wiring', async () => {
  await rig.until('the first wiring', () => rig.wirings.length > 0)
  await page.evaluate("RED.editor.edit(RED.nodes.node('vistter-show-slate'))")
  await page.fill('#node-input-title', 'Back at nine')
  await page.click('#node-dialog-ok')
  await page.waitForSelector('#node-dialog-ok', { state: 'detached' })
  await page.click('#red-ui-header-button-deploy')
  await rig.until('the new title', () => JSON.stringify(rig.wirings.at(-1)).includes('Back at nine'))
})

test('the browser complained about nothing', () => {
  // The front door of this rig has no API, which the lists of the forms ask.
  expect(browser.complaints.filter(text => !text.includes('404'))).toEqual([])
})

/** The form slides in from the right; its picture is taken when it has arrived. */
async function settled(): Promise<void> {
  const place = () => page.locator('.red-ui-tray').evaluate(tray => tray.getBoundingClientRect().left)
  let before = await place()
  await until('the form to stand still', async () => {
    const now = await place()
    const still = now === before
    before = now
    return still
  })
}
