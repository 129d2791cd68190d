import { expect } from 'vitest'
import { until } from '../peers/run.ts'
import { imageLight, look, OperatorBrowser } from './browser.ts'

/** The form of the weather's overlay node in the editor of an appliance, for whoever has signed in. */
export async function pictureSlider(url: string, session: string | undefined): Promise<void> {
  const browser = new OperatorBrowser()
  try {
    const page = await browser.open(url)
    const [name = '', value = ''] = session?.split('=') ?? []
    await page.context().addCookies([{ name, value, url: url }])
    await page.goto(`${url}/editor/`)
    await page.waitForSelector('.red-ui-flow-node', { timeout: 60_000 })
    await page.evaluate("RED.editor.edit(RED.nodes.node('weather-overlay'))")
    const slider = page.locator('#vistter-overlay-picture-at')
    await slider.waitFor()
    const light = () => imageLight(page, '#dialog-form img')
    // Its plate fades in over half a second.
    const before = await until('the picture of the beginning', async () => (await light()) > 0 && light())
    await slider.fill('1000')
    const differs = async () => {
      const now = await light()
      return now > 0 && Math.abs(now - before) > 3
    }
    await until('another picture', differs)
    await look(page, 'editor-overlay-picture')
    // It lasts longer than any slider: a minute of it can be chosen, and every other moment typed.
    expect(await slider.getAttribute('max')).toBe('60000')
    const seconds = page.getByLabel('Seconds from its start')
    expect(await seconds.inputValue()).toBe('1')
    await seconds.fill('0')
    await until('the beginning again', async () => !(await differs()))
    await seconds.fill('3600')
    await until('another picture', differs)
  } finally {
    await browser.close()
  }
  expect(browser.complaints).toEqual([])
}
