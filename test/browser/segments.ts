import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { packageOf, segmentFiles, segmentOf } from '../peers/segment-package.ts'
import { expectAccessible } from './accessible.ts'
import { DESKTOP, look, PHONE } from './browser.ts'

const made = (id: string, name: string, camera = 'slate') => {
  const cues = [{ id: 'only', start: 0, duration: 20_000, camera, overlay: 'lower' }]
  return packageOf(segmentFiles(segmentOf({ id, name, duration: 20_000, timeline: { cues } })))
}

/** From a package in the hand to one on air: added, looked at unseen, queued, moved, taken out, skipped. */
export async function segmentsOnThePage(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/dashboard/timelines`)
  const part = page.locator('.vs-segments')
  const button = (name: string | RegExp) => part.getByRole('button', { name })
  const upload = (name: string, buffer: Buffer) =>
    part.getByLabel('Segment package').setInputFiles({ name, mimeType: 'application/zip', buffer })
  await part.getByText('No segments yet.').waitFor()
  await upload('morning.vseg', made('morning', 'Morning at the harbour'))
  await part.getByText('Morning at the harbour, version 1, is here.').waitFor()
  await upload('evening.vseg', made('evening', 'Evening', 'Sold camera'))
  await part.getByText('Evening, version 1, is here.').waitFor()
  await upload('bad.vseg', Buffer.from('PK is no zip'))
  await part.getByText('This is no segment package').waitFor()

  await button('Preview Morning at the harbour').click()
  const video = part.getByLabel('Preview of Morning at the harbour')
  await expect
    .poll(() => video.evaluate((each: { currentTime: number }) => each.currentTime), { timeout: 20_000 })
    .toBeGreaterThan(0.5)
  await button('Queue Morning at the harbour').click()
  await part.getByText('On air', { exact: true }).waitFor()
  for (const name of ['Evening', 'Morning at the harbour']) await button(`Queue ${name}`).click()
  await expect.poll(() => part.locator('.vs-waiting li').count()).toBe(2)
  for (const size of [PHONE, DESKTOP]) {
    const { content, screen } = await look(page, 'segments', size)
    expect(content).toBeLessThanOrEqual(screen)
  }
  await expectAccessible(page, 'segments')
  await button('End preview').click()
  await button('Evening later').click()
  await expect.poll(() => part.locator('.vs-waiting li').first().textContent()).toContain('Morning')
  await button('Take Evening out of the queue').click()
  await expect.poll(() => part.locator('.vs-waiting li').count()).toBe(1)
  await button('Stop and hold').click()
  await part.getByText('The queue is held').waitFor()
  await button('Take Morning at the harbour out of the queue').click()
  await button('Play the queue').click()
  await part.getByText('The queue is empty.').waitFor()
  for (const name of ['Evening', 'Morning at the harbour']) {
    const row = part.locator('.vs-segment', { hasText: name })
    await row.getByRole('button', { name: 'Remove' }).click()
    await row.getByRole('button', { name: 'Really remove' }).click()
    await row.waitFor({ state: 'detached' })
  }
}
