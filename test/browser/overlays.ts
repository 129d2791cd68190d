import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { ApplianceProcess } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import { DESKTOP, look, PHONE } from './browser.ts'

const MARK = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="20"/></svg>'

/** A board with two scenes, a value, a file of its own, and one that may not be fetched: its address is of this network. */
const BOARD = {
  ocl: '1.0',
  timeline: { id: 'board', version: 1, frameRate: 30, resolution: { width: 1920, height: 1080 }, loop: true },
  assets: [
    {
      id: 'logo',
      url: 'https://127.0.0.1/logo.png',
      sha256: '0'.repeat(64),
      mediaType: 'image/png',
      rights: { tags: [] },
    },
    {
      id: 'mark',
      url: `data:image/svg+xml;base64,${Buffer.from(MARK).toString('base64')}`,
      sha256: createHash('sha256').update(MARK).digest('hex'),
      mediaType: 'image/svg+xml',
      rights: { tags: ['own'], expires: '2999-12-31' },
    },
  ],
  scenes: ['weather', 'good night'].map((id, n) => ({
    ...{ id, start: n * 60_000, duration: 60_000 },
    tracks: [
      {
        ...{ id: `track-${id}`, kind: 'lower-third' },
        cues: [
          {
            ...{ id: `plate-${id}`, start: 0, duration: 60_000, layer: 1 },
            shape: { type: 'rectangle', color: '#0b2545e6', radius: 24 },
            properties: { position: { anchor: 'bottom-left' }, size: { width: 900, height: 220 } },
          },
          {
            ...{ id: `words-${id}`, start: 0, duration: 60_000, layer: 2 },
            text: { value: `${id}: {{temperature}} °C`, size: 80 },
            properties: { position: { anchor: 'bottom-left', x: 60, y: 60 } },
          },
        ],
      },
    ],
  })),
}

/** What an operator does with overlays on the dashboard, at the browser's sizes. */
export async function overlaysOnThePage(page: Page, { api }: ApplianceProcess): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const row = page.locator('.vs-overlay')
  const pill = (text: string) => row.getByText(text, { exact: true }).waitFor()
  const fits = async (name: string) => {
    for (const size of [PHONE, DESKTOP]) {
      const { content, screen } = await look(page, name, size)
      expect(content, `${name} is wider than a screen of ${screen} pixels`).toBeLessThanOrEqual(screen)
    }
  }

  await page.getByText(/^No overlay yet/).waitFor()
  const choose = (name: string, text: string) =>
    page
      .getByLabel('Document of an overlay')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
  await choose('notes.json', 'no JSON')
  await page.getByText('notes.json is not JSON.').waitFor()
  await choose('Harbour board.json', JSON.stringify(BOARD))
  await row.getByRole('heading', { name: 'Harbour-board' }).waitFor()
  await pill('File missing')
  await row.getByText(/is in a private network/).waitFor()
  await row.getByText('no value yet').waitFor()
  await api.put('/data/temperature', { value: 21.4, ttl: 60_000 })
  await row.getByText('21.4', { exact: true }).waitFor()
  await row.scrollIntoViewIfNeeded()
  await until('its picture is there', () =>
    page.evaluate(`document.querySelector('.vs-overlay img')?.naturalWidth === 384`),
  )

  await page.getByLabel('Scene of Harbour-board').selectOption('good night')
  await button('Play Harbour-board').click()
  await pill('On air')
  await row.getByText(/^good night · for \d+ s/).waitFor()
  expect(await api.get('/overlays')).toMatchObject([{ playing: { scene: 'good night' } }])
  await api.post('/overlays/Harbour-board/play')
  await until('the page shows what somebody else has chosen', async () => {
    return (await page.getByLabel('Scene of Harbour-board').inputValue()) === ''
  })
  await page.getByLabel('Scene of Harbour-board').selectOption('weather')
  await row.getByText(/^weather · for \d+ s/).waitFor()
  await fits('overlays')
  await button('Stop Harbour-board').click()
  await pill('File missing')

  await button('Look at Harbour-board').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Moment').fill('90000')
  await dialog.getByText('90.0 s').waitFor()
  await until('the picture of that moment is there', () =>
    page.evaluate(`document.querySelector('dialog img')?.naturalWidth === 960`),
  )
  await dialog.getByText('Files (2)').click()
  await dialog.getByText(/^here · until .*2999.* · own$/).waitFor()
  await fits('overlay-view')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await dialog.getByRole('button', { name: 'Really remove' }).click()
  await page.getByText(/^No overlay yet/).waitFor()
  await page.locator('.vs-overlays').getByRole('button', { name: 'Files', exact: true }).click()
  await dialog.getByText(/no overlay names it any more$/).waitFor()
  await fits('overlay-files')
  await dialog.getByRole('button', { name: /^Make room/ }).click()
  await dialog.getByText('No overlay has brought a file yet.').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
}
