import { expect } from 'vitest'
import type { ApplianceProcess } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import { expectAccessible } from './accessible.ts'
import type { TimelinePage } from './timelines.ts'

/** The place is entered, by which the sun rises; then a timeline gets its hours. */
export async function giveHours(on: TimelinePage, { api }: ApplianceProcess): Promise<void> {
  const { page, button, field } = on
  await button('Place').click()
  await page.getByLabel('Coordinates').fill('44.4056 north')
  await page.getByText('This is no place yet').waitFor()
  await page.getByLabel('Coordinates').fill('44.4056, 8.9463')
  await on.fits('schedule-place')
  await expectAccessible(page, 'the form of the place')
  await button('Save').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await api.get('/settings')).toMatchObject({ location: { latitude: 44.4056, longitude: 8.9463 } })

  await button('Add schedule').click()
  await page.getByLabel('To: by').selectOption('sunset')
  await page.getByLabel('To: minutes after the sunset').waitFor()
  await page.getByLabel('To: by').selectOption('clock')
  await page.getByLabel('Saturday').uncheck()
  await page.getByLabel('From: time').fill('03:00')
  await page.getByLabel('To: time').fill('03:30')
  await field('It is in force').uncheck()
  await on.fits('schedule-form')
  await expectAccessible(page, 'the form of a schedule')
  await button('Save').click()
  const schedule = page.locator('.vs-schedule')
  await schedule.getByText('Mon–Fri, Sun, 03:00 – 03:30').waitFor()
  await schedule.getByText('Off', { exact: true }).waitFor()
  await button('Switch on').click()
  await until('the week shows it', async () => (await page.locator('.vs-slot').count()) >= 5)
  await on.fits('schedules')
  const [{ id } = { id: '' }] = await api.get<{ id: string }[]>('/schedules')
  await api.delete(`/schedules/${id}`)
}
