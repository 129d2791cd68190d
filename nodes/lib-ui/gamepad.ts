/** How often a gamepad is looked at (ms): browsers tell of no change by themselves. */
const LOOK_MS = 50

type Pushed = (axes: readonly number[], buttons: readonly number[]) => void

/** The first gamepad that is plugged in, while the page is in front. One that goes away has let go. */
export class GamepadWatch {
  private timer: number | undefined
  private readonly pushed: Pushed

  constructor(pushed: Pushed) {
    this.pushed = pushed
  }

  start(): void {
    this.timer = window.setInterval(() => this.look(), LOOK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private look(): void {
    const pad = document.hasFocus() ? navigator.getGamepads?.().find(each => each?.connected) : undefined
    this.pushed(pad?.axes ?? [], pad?.buttons.map(({ value }) => value) ?? [])
  }
}
