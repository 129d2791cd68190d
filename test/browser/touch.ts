import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'

/** In the small steps of a hand. */
const STEPS = 8
/** A finger that is lifted as it moves throws the page, and the next touch only stops that. So it stands first, so long (ms). */
const STANDS = 150

/** A finger on a page that believes in a touch screen as long as `work` lasts; its touch events are the browser's own. */
export async function byFinger(page: Page, work: (finger: Finger) => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page)
  try {
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 })
    await work(new Finger(page, session))
  } finally {
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false })
    await session.detach()
  }
}

class Finger {
  private readonly page: Page
  private readonly session: CDPSession

  constructor(page: Page, session: CDPSession) {
    this.page = page
    this.session = session
  }

  tap(what: string): Promise<void> {
    return this.stroke(what, [0])
  }

  /** Goes down on the middle of an element, `dx` pixels over the screen, and up. */
  swipe(what: string, dx: number): Promise<void> {
    return this.stroke(
      what,
      Array.from({ length: STEPS + 1 }, (_, n) => (n * dx) / STEPS),
    )
  }

  private async stroke(what: string, ways: readonly number[]): Promise<void> {
    const target = this.page.locator(what).first()
    await target.scrollIntoViewIfNeeded()
    const box = await target.boundingBox()
    if (!box) throw new Error(`there is no ${what}`)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    for (const [n, way] of ways.entries())
      await this.session.send('Input.dispatchTouchEvent', {
        type: n === 0 ? 'touchStart' : 'touchMove',
        touchPoints: [{ x: x + way, y }],
      })
    if (ways.length > 1) {
      await pause(STANDS)
      await this.session.send('Input.dispatchTouchEvent', {
        type: 'touchMove',
        touchPoints: [{ x: x + (ways.at(-1) ?? 0), y: y + 1 }],
      })
    }
    await this.session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
}
