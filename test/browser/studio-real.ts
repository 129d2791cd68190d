import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { ApplianceProcess } from '../peers/appliance.ts'
import { packageOf, segmentFiles, segmentOf } from '../peers/segment-package.ts'
import { DESKTOP, look, PHONE } from './browser.ts'

const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000 })

const SEGMENT = packageOf(
  segmentFiles(
    segmentOf({
      ...{ id: 'noon', name: 'Noon at the harbour', duration: 2_000 },
      timeline: { cues: [{ id: 'only', start: 0, duration: 2_000, camera: 'slate', overlay: 'lower' }] },
    }),
  ),
)

export async function seenOn(page: Page, name: string): Promise<void> {
  for (const size of [PHONE, DESKTOP]) {
    const { content, screen } = await look(page, name, size)
    expect(content, `${name} at ${size.width}`).toBeLessThanOrEqual(screen)
  }
}

/** What Studio's people do with a whole appliance that belongs to them: publish, change, undo, and look back. */
export async function withRealAppliance(page: Page, { api }: ApplianceProcess): Promise<void> {
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const sent = (type: string, status: string) =>
    page
      .locator('ol.log > li')
      .filter({ has: page.getByText(type, { exact: true }) })
      .filter({ has: page.getByText(status, { exact: true }) })
  const place = async () => (await api.get<{ locationName: string }>('/settings')).locationName
  const seen = (name: string) => seenOn(page, `studio-real-${name}`)

  await tab('Publish')
  await button('Publish and start').click()
  await page.locator('form', { hasText: 'Overlay' }).getByRole('button', { name: 'Publish' }).click()
  const segment = page.locator('form', { hasText: 'Segment' })
  const publishSegment = async () => {
    await tab('Publish')
    await page.setInputFiles('input[type=file]', { name: 'noon.vseg', mimeType: 'application/zip', buffer: SEGMENT })
    await segment.getByRole('button', { name: 'Publish' }).click()
    await tab('History')
  }
  await publishSegment()
  for (const type of ['timeline.publish', 'timeline.start', 'overlay.apply']) await sent(type, 'done').waitFor()
  // This Studio is in a private network, which the appliance has to be told to fetch from.
  await sent('segment.publish', 'failed')
    .getByText(/^ASSET_ADDRESS localhost is in a private network/)
    .waitFor()
  await tab('Send')
  await page.getByLabel('Command', { exact: true }).selectOption({ label: 'config.patch' })
  const steps = [
    { op: 'add', path: '/privateAssetHosts/-', value: 'localhost' },
    { op: 'replace', path: '/locationName', value: 'Old Harbour' },
  ]
  await page.getByLabel(/^patch/).fill(JSON.stringify(steps))
  await button('Send').click()
  await soon(place).toBe('Old Harbour')
  await publishSegment()
  await sent('segment.publish', 'done').waitFor()
  expect((await api.get<{ name: string }[]>('/segments')).map(({ name }) => name)).toEqual(['Noon at the harbour'])
  await sent('timeline.publish', 'done').locator('summary').click()
  await button('Send again').click()
  await page.getByText('it is not carried out twice').waitFor()
  await seen('history')

  await tab('Configuration')
  await page.getByText('replace /locationName = "Old Harbour"').waitFor()
  await button('Ask for it').click()
  await page.getByText('"locationName": "Old Harbour"').waitFor()
  await seen('configuration')
  page.once('dialog', dialog => dialog.accept())
  await button('Undo').click()
  await soon(place).toBe('Pier 7')
  await page.getByText('replace /locationName = "Pier 7"').waitFor()
  await page.getByText('"locationName": "Pier 7"').waitFor()
  // The way to a version further back is not called the undoing of one change.
  expect(await button('Undo').count()).toBe(1)
  await button('Back to version 1').waitFor()
  await seen('undone')

  await tab('Send')
  await page.getByLabel('Command', { exact: true }).selectOption({ label: 'overlay.stop' })
  await button('Send').click()
  await tab('Proof')
  const aired = page.locator('tbody tr').filter({ hasText: 'hello' })
  await aired.first().waitFor()
  await soon(() => aired.filter({ hasText: 'on air' }).count()).toBe(0)
  await seen('proof')
  await tab('Now')
  await page.getByText('Slate', { exact: true }).waitFor()
  await seen('now')
}
