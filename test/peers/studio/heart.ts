import type { ReferenceStudio } from './studio.ts'

const EVERY = 10_000

/** Tells every appliance that is there Studio's time, and when the answer to the last one came: so their clocks agree. */
export class Heart {
  private timer: NodeJS.Timeout | undefined
  private readonly beats = new Map<string, { command: string; at?: string }>()
  private readonly studio: ReferenceStudio

  constructor(studio: ReferenceStudio) {
    this.studio = studio
  }

  start(): void {
    this.timer ??= setInterval(() => this.beat(), EVERY)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** To be told of every ack. */
  heard(appliance: string, message: Record<string, unknown>): void {
    const { command, status } = message.data as { command?: string; status?: string }
    const beat = this.beats.get(appliance)
    if (beat && beat.command === command && status === 'received') beat.at = this.now()
  }

  private beat(): void {
    const { ledger } = this.studio
    for (const { id, revoked } of ledger.appliances()) {
      const [status] = ledger.told(id, 'status', '*', 1)
      if (revoked || (status?.data as { state?: string } | undefined)?.state !== 'online') continue
      const last = this.beats.get(id)
      const data = { studioTime: this.now(), ...(last?.at && { heard: { command: last.command, at: last.at } }) }
      this.studio
        .send(id, 'heartbeat', data)
        .then(command => this.beats.set(id, { command }))
        .catch(() => {})
    }
  }

  private now(): string {
    return new Date(this.studio.now()).toISOString()
  }
}
