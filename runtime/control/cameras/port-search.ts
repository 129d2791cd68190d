import { guessPort } from './onvif/greeting.ts'

interface Deps {
  /** Those that do not answer, and whose port nobody has said. */
  sought(): { id: string; host: string }[]
  found(id: string, port: number): Promise<void>
}

const EVERY_MS = 15_000

/** A camera may be added while it is switched off: when it comes, its ONVIF port is found. */
export class PortSearch {
  private timer: NodeJS.Timeout | undefined
  private looking = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), EVERY_MS)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private async look(): Promise<void> {
    if (this.looking) return
    this.looking = true
    try {
      for (const { id, host } of this.deps.sought()) {
        const port = await guessPort(host)
        // Deleted meanwhile, or a full disk: the next time.
        if (port !== undefined) await this.deps.found(id, port).catch(() => {})
      }
    } finally {
      this.looking = false
    }
  }
}
