import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Where tests leave what they saw: part of the build output, so it is never committed. */
const SCREENSHOTS = join(import.meta.dirname, '..', '..', 'dist', 'screenshots')

export const DESKTOP = { width: 1280, height: 900 }
export const PHONE = { width: 390, height: 844 }

/** Debian's Chromium, as an operator's browser meets the appliance: it accepts the self-signed certificate. */
export class OperatorBrowser {
  /** What a page complained about: uncaught errors, and errors on its console. */
  readonly complaints: string[] = []
  private browser: Browser | undefined

  async open(url: string): Promise<Page> {
    this.browser ??= await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
    })
    const context = await this.browser.newContext({
      viewport: DESKTOP,
      ignoreHTTPSErrors: true,
      timezoneId: 'Europe/Rome',
    })
    const page = await context.newPage()
    page.on('pageerror', error => this.complaints.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} ${message.location().url}`)
    })
    await page.goto(url)
    return page
  }

  async close(): Promise<void> {
    await this.browser?.close()
  }
}

/** Keeps a picture of the whole page for people, and answers the widths that decide whether it fits the screen. */
export async function look(page: Page, name: string, size = DESKTOP): Promise<{ content: number; screen: number }> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.setViewportSize(size)
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-${size.width}.png`), fullPage: true })
  return page.evaluate('({ content: document.documentElement.scrollWidth, screen: innerWidth })')
}

export interface Playback {
  currentTime: number
  decoded: number
  /** Seconds between what is shown and the newest picture that has arrived. */
  behind: number
  /** Mean over the picture: brightness (0..255), and how far its pixels are from grey (0..255). */
  brightness: number
  colour: number
}

/** What the program's video element really shows at this moment, read from its pixels. */
export function playback(page: Page): Promise<Playback> {
  return page.evaluate(`(() => {
    const video = document.querySelector('.vs-program video')
    const canvas = document.createElement('canvas')
    canvas.width = 64
    canvas.height = 36
    const context = canvas.getContext('2d')
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let brightness = 0
    let colour = 0
    for (let at = 0; at < data.length; at += 4) {
      const rgb = [data[at], data[at + 1], data[at + 2]]
      brightness += (rgb[0] + rgb[1] + rgb[2]) / 3
      colour += Math.max(...rgb) - Math.min(...rgb)
    }
    const pixels = data.length / 4
    const { buffered, currentTime } = video
    return {
      currentTime,
      decoded: video.getVideoPlaybackQuality().totalVideoFrames,
      behind: buffered.length ? buffered.end(buffered.length - 1) - currentTime : 0,
      brightness: brightness / pixels,
      colour: colour / pixels,
    }
  })()`)
}

/** How light (0..255) the lower left of an image element is; -1 while it has not come. */
export function imageLight(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const image = document.querySelector(${JSON.stringify(selector)})
    if (!image.complete || image.naturalWidth === 0) return -1
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, Math.round(canvas.height * 0.85), canvas.width / 2, 20)
    return data.reduce((sum, level) => sum + level, 0) / data.length
  })()`)
}
