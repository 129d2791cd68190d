import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Campaign, OverlaySummary } from '../../runtime/contract/generated/openapi.v1.ts'
import type { ApplianceProcess } from '../peers/appliance.ts'
import { expectAccessible } from './accessible.ts'
import { DESKTOP, look, PHONE } from './browser.ts'

/** How long the show is (ms), and when its breaks begin: what a busy machine cuts short in one is made good in the next. */
const LENGTH = 24_000
const BREAKS = [4_000, 12_000]

/** A campaign is booked in its form; its plan is seen, then what was on air, without anybody asking for it; it is taken back. */
export async function sellSpots(page: Page, { api, data }: ApplianceProcess): Promise<void> {
  const part = page.locator('.vs-ads')
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const field = (label: string) => page.getByLabel(label, { exact: true })
  const seen = async (name: string) => {
    for (const size of [PHONE, DESKTOP]) {
      const { content, screen } = await look(page, name, size)
      expect(content, `${name} is wider than a screen of ${screen} pixels`).toBeLessThanOrEqual(screen)
    }
    await expectAccessible(page, name)
  }
  // Spots count while a destination is live.
  const file = { name: 'Archive', platform: 'file', url: `file://${data}/recordings/spots.flv` }
  const { id: archive } = await api.post<{ id: string }>('/destinations', file)
  await api.post(`/destinations/${archive}/start`)

  await button('Add the first campaign').click()
  await field('Name').fill('Bay Cafe in May')
  await field('Advertiser').fill('Bay Cafe')
  await field('plate').check()
  await field('Spots a day').fill('1')
  await seen('ads-form')
  await button('Save').click()
  await part.getByText('Bay Cafe · 1 a day').waitFor()
  await part.getByText(/1 cannot be had: no ad break is left in its hours/).waitFor()
  expect(await api.get<Campaign[]>('/campaigns')).toMatchObject([{ spots: 1, creatives: [{ overlay: 'plate' }] }])

  const cues = [
    { start: 0, duration: LENGTH, camera: 'slate' },
    ...BREAKS.map(start => ({ start, duration: 2_000, ads: { spot: 2_000 } })),
  ]
  const { id } = await api.post<{ id: string }>('/timelines', { name: 'Evening', cues })
  await api.post(`/timelines/${id}/start`)
  await part.getByText(/^Today: 1 planned, 1 aired, \d missed, 0 to come\.$/).waitFor({ timeout: LENGTH })
  await part.getByText('Done for today', { exact: true }).waitFor()
  const playing = async () => (await api.get<OverlaySummary[]>('/overlays')).filter(each => each.playing)
  await expect.poll(playing, { timeout: 10_000 }).toEqual([])
  await button('Check the proof').click()
  await part.getByText(/^Nothing was changed since it was written down/).waitFor()
  await seen('ads')
  await api.post(`/timelines/${id}/stop`)
  await button('Bay Cafe in May').click()
  await button('Remove').click()
  await button('Really remove').click()
  await part.getByText(/^No campaign yet/).waitFor()
}
