import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Camera, Preset, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import type { ApplianceProcess } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import { expectAccessible } from './accessible.ts'
import { DESKTOP, look, PHONE } from './browser.ts'
import { byFinger } from './touch.ts'

/** A name on a plate, for as long as it is played. */
const PLATE = {
  ocl: '1.0',
  timeline: { id: 'plate', version: 1, frameRate: 30, resolution: { width: 1920, height: 1080 } },
  assets: [],
  scenes: [
    {
      ...{ id: 'name', start: 0, duration: 60_000 },
      tracks: [
        {
          ...{ id: 'words', kind: 'lower-third' },
          cues: [
            {
              ...{ id: 'words', start: 0, duration: 60_000, layer: 1 },
              text: { value: 'Evensong', size: 120, background: '#ffffff' },
              properties: { position: { anchor: 'bottom-left' } },
            },
          ],
        },
      ],
    },
  ],
}

/** The page of timelines under an operator's hands. */
export class TimelinePage {
  readonly page: Page
  private readonly api: ApplianceProcess['api']

  constructor(page: Page, { api }: Pick<ApplianceProcess, 'api'>) {
    this.page = page
    this.api = api
  }

  button = (name: string) => this.page.getByRole('button', { name, exact: true })
  list = (label: string) => this.page.getByRole('combobox', { name: label, exact: true })
  field = (label: string) => this.page.getByLabel(label, { exact: true })
  block = (label: RegExp) => this.page.locator('.vs-cue-body').and(this.page.getByLabel(label))
  state = (text: string | RegExp) => this.page.locator('.vs-editor-bar').getByText(text, { exact: true }).waitFor()

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Timelines' }).click()
    await this.page.getByRole('heading', { name: 'Timelines' }).waitFor()
  }

  async fits(name: string): Promise<void> {
    for (const size of [PHONE, DESKTOP]) {
      const { content, screen } = await look(this.page, name, size)
      expect(content, `${name} is wider than a screen of ${screen} pixels`).toBeLessThanOrEqual(screen)
    }
  }

  async offline(): Promise<void> {
    await this.page.evaluate(`document.querySelector('.vs-timelines').drawn = true`)
    await this.page.context().setOffline(true)
    await this.page.getByText('Connection Lost').waitFor()
    await this.page.getByText('The connection to the appliance is lost. You can go on editing').waitFor()
  }

  /** The dashboard draws all of its page anew then: nobody types while that happens. */
  async online(): Promise<void> {
    await this.page.context().setOffline(false)
    const isNew = () => this.page.evaluate(`document.querySelector('.vs-timelines')?.drawn === undefined`)
    await until('the page is drawn anew', isNew, { timeoutMs: 20_000 })
  }

  async stored(): Promise<Timeline> {
    const [timeline] = await this.api.get<Timeline[]>('/timelines')
    if (!timeline) throw new Error('there is no timeline')
    return timeline
  }

  /** Drags by a way in pixels, in the small steps of a hand. */
  async drag(what: string, dx: number): Promise<void> {
    const box = await this.page.locator(what).first().boundingBox()
    if (!box) throw new Error(`there is no ${what}`)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await this.page.mouse.move(x, y)
    await this.page.mouse.down()
    await this.page.mouse.move(x + dx, y, { steps: 8 })
    await this.page.mouse.up()
  }
}

/** A show of two presets and a name is written, saved and looked at. */
export async function writeShow(on: TimelinePage, appliance: ApplianceProcess): Promise<void> {
  const { page, button, field, list, block } = on
  const { api } = appliance
  await api.put('/overlays/plate', PLATE)
  await on.open()
  await button('Write the first timeline').click()
  await field('Name').fill('Evensong')
  for (const preset of ['Altar', 'Choir']) {
    await button('Add a shot').click()
    await list('Preset').selectOption({ label: preset })
  }
  await button('Add an overlay').click()
  await on.state('Not saved')
  await until('the preset is seen on its cue', () =>
    page.evaluate(`document.querySelector('.is-picture img')?.naturalWidth > 0`),
  )
  await until('what viewers would see has been drawn', () => isPlateSeen(page))
  await button('Save').click()
  await on.state('Saved')
  const [camera] = await api.get<Camera[]>('/cameras')
  const presets = await api.get<Preset[]>(`/cameras/${camera?.id}/presets`)
  const idOf = (name: string) => presets.find(preset => preset.name === name)?.id
  const { name, cues } = await on.stored()
  expect(name).toBe('Evensong')
  expect(cues).toMatchObject([
    { start: 0, duration: 10_000, camera: camera?.id, preset: idOf('Altar') },
    { start: 10_000, duration: 10_000, camera: camera?.id, preset: idOf('Choir') },
    { start: 10_000, duration: 10_000, overlay: 'plate' },
  ])

  // Between the two there is no room: it goes to the end, and there to the next whole second.
  await button('All of it').click()
  await button('Zoom out').click()
  const { width } = (await block(/^Nave · Altar/).boundingBox()) ?? { width: 0 }
  const id = cues[0]?.id
  await block(/^Nave · Altar/).click()
  await on.drag(`[data-cue="${id}"] .vs-cue-label`, width * 2.21)
  await block(/^Nave · Altar, 0:22 to 0:32/).waitFor()
  await page.keyboard.press('Control+z')
  await block(/^Nave · Altar, 0:00 to 0:10/).waitFor()
  await on.drag('.vs-cue-edge.is-end', -width * 0.49)
  await block(/^Nave · Altar, 0:00 to 0:05/).waitFor()
  await page.keyboard.press('Control+z')
  await block(/^Nave · Altar, 0:00 to 0:10/).waitFor()
  await byTouch(on, width)
  await block(/^Nave · Altar, 0:00 to 0:05/).waitFor()
  await page.keyboard.press('Control+d')
  await block(/^Nave · Altar, 0:05 to 0:10/).waitFor()
  await page.keyboard.press('Delete')
  await on.state('Not saved')
  await page.keyboard.press('Control+s')
  await on.state('Saved')
  expect((await on.stored()).cues[0]).toMatchObject({ id, start: 0, duration: 5_000 })
  await block(/^Nave · Choir/).click()
  await on.fits('timeline-editor')
  await expectAccessible(page, 'the editor of timelines')
}

/** A timeline is begun while the appliance is away, and handed in when it is back. */
async function beginOffline({ page, button, field, state }: TimelinePage): Promise<void> {
  await button('← Timelines').click()
  await button('New timeline').click()
  await field('Name').fill('Begun offline')
  await button('Add a shot').click()
  await button('Save').click()
  await state('Saved as soon as the appliance answers')
  await button('← Timelines').click()
  await page.getByText('Only in this browser so far').waitFor()
  await button('Begun offline').click()
}

/** A finger scrolls over what it has not chosen; what it has chosen it moves, and makes shorter at its end. */
const byTouch = ({ page, button, block }: TimelinePage, width: number): Promise<void> =>
  byFinger(page, async finger => {
    const isChosen = async (cue: Locator) => (await cue.getAttribute('aria-pressed')) === 'true'
    const [altar, choir] = [block(/^Nave · Altar/), block(/^Nave · Choir/)]
    const [first, second] = [await altar.getAttribute('data-cue'), await choir.getAttribute('data-cue')]
    await finger.swipe(`[data-cue="${second}"]`, -width / 2)
    await until('the tracks have moved', () =>
      page.evaluate(`document.querySelector('.vs-tracks-scroll').scrollLeft > 0`),
    )
    expect(await isChosen(choir)).toBe(false)
    await finger.tap(`[data-cue="${second}"]`)
    await until('it is chosen', () => isChosen(choir))
    await finger.swipe(`[data-cue="${second}"]`, width * 0.51)
    await block(/^Nave · Choir, 0:15 to 0:25/).waitFor()
    await button('Undo').click()
    await block(/^Nave · Choir, 0:10 to 0:20/).waitFor()
    await finger.tap(`[data-cue="${first}"]`)
    await until('the other one is chosen', () => isChosen(altar))
    await finger.swipe('.vs-cue-edge.is-end', -width * 0.49)
  })

/** White letters' plate at the lower left of a picture that has none there. */
const isPlateSeen = (page: Page): Promise<boolean> =>
  page.evaluate(`(async () => {
    const image = document.querySelector('.vs-moment img')
    if (!image?.src.startsWith('blob:') || !image.complete) return false
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(canvas.width * 0.055, canvas.height * 0.93, 4, 4)
    return canvas.width === 960 && data.every(level => level > 235)
  })()`)

/** What is not saved outlives a reload and a lost connection, and never undoes what somebody else has saved. */
export async function keepDrafts(on: TimelinePage, { api }: ApplianceProcess): Promise<void> {
  const { page, button, field, list } = on
  await on.block(/^Nave · Choir/).click()
  await list('Picture').selectOption({ label: 'Colour bars' })
  await on.block(/^Colour bars/).waitFor()
  await button('Undo').click()
  await button('Done').click()
  await field('Begins anew at its end').check()
  await list('Where no cue has a picture').selectOption({ label: 'a filler is shown' })
  expect(await list('Filler 1').locator('option:checked').textContent()).toBe('Colour bars')
  await button('Add another').click()
  await list('Filler 2').selectOption({ label: 'Nave' })
  await on.fits('timeline-filler')
  await page.reload()
  await on.state('Not saved')
  expect(await field('Begins anew at its end').isChecked()).toBe(true)

  await on.offline()
  await button('Save').click()
  await on.state('Saved as soon as the appliance answers')
  await beginOffline(on)
  await on.online()
  await on.state('Saved')
  const [, begun] = await api.get<Timeline[]>('/timelines')
  expect(begun).toMatchObject({ name: 'Begun offline', cues: [{ start: 0, duration: 10_000 }] })
  await button('← Timelines').click()
  await button('Edit Evensong').click()
  await on.state('Saved')
  await api.delete(`/timelines/${begun?.id}`)
  const filler = [{ clip: 'Colour bars' }, { camera: expect.any(String), duration: 30_000 }]
  expect(await on.stored()).toMatchObject({ loop: true, gap: 'filler', filler })

  const { id, cues } = await on.stored()
  await field('Name').fill('Mine')
  await field('Name').press('Enter')
  const changed = cues.map(cue => (cue.overlay ? { ...cue, overlay: 'gone' } : cue))
  await api.patch(`/timelines/${id}`, { name: 'Theirs', cues: changed })
  await page.getByText('has changed this timeline').waitFor()
  await on.fits('timeline-conflict')
  await button('Take theirs').click()
  await page.getByRole('heading', { name: 'Theirs' }).waitFor()
  await on.block(/^gone, .*There is no overlay gone\.$/).click()
  await page.getByRole('alert').filter({ hasText: 'Choose another one' }).waitFor()
  await list('Overlay').selectOption('plate')
  await api.patch(`/timelines/${id}`, { name: 'Evensong' })
  await button('Keep mine').click()
  await on.state('Saved')
  expect(await on.stored()).toMatchObject({ name: 'Theirs', problems: [] })
}

/** It runs, is held and let go. */
export async function runShow(on: TimelinePage): Promise<void> {
  const { page, button } = on
  await button('← Timelines').click()
  const control = page.locator('.vs-control')
  const row = page.locator('.vs-timeline')
  await control.getByText('No show runs').waitFor()
  await button('Start Theirs').click()
  await row.getByText('On air', { exact: true }).waitFor()
  await control.getByText(/^Theirs runs, since/).waitFor()
  await control.getByRole('button', { name: 'Hold' }).click()
  await control.getByText(/has control by a hold of the timeline Theirs/).waitFor()
  await row.getByText(/^Held by /).waitFor()
  await on.fits('timelines')
  await expectAccessible(page, 'the page of timelines')
  await control.getByRole('button', { name: 'Go on' }).click()
  await control.getByText(/^Theirs runs, since/).waitFor()
  await on.list('Take until the next cue').selectOption({ label: 'Slate' })
  await control.getByText(/has control by a take/).waitFor()
  await button('Back to the show').click()
  await control.getByText(/^Theirs runs, since/).waitFor()
  await button('Stop Theirs').click()
  await control.getByText('No show runs').waitFor()
}
