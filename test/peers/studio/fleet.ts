import { newId } from '../../../runtime/lib/ids.ts'
import { until } from '../run.ts'
import { StudioBox } from './box.ts'
import type { ReferenceStudio } from './studio.ts'

export interface SentTo {
  box: StudioBox
  command: string
}

/** Many appliances of one Studio, each with the product's own channel. */
export class Fleet {
  readonly boxes: StudioBox[]
  private readonly studio: ReferenceStudio

  private constructor(studio: ReferenceStudio, boxes: StudioBox[]) {
    this.studio = studio
    this.boxes = boxes
  }

  /** `allowed` is told their ids before they connect, where a broker has to know them. */
  static async start(studio: ReferenceStudio, count: number, allowed = async (_ids: string[]) => {}): Promise<Fleet> {
    const boxes: StudioBox[] = []
    const fleet = new Fleet(studio, boxes)
    const about = { model: 'simulated', software: '1.0.0', pairedAt: new Date().toISOString(), revoked: false }
    const known = Array.from({ length: count }, (_, n) => ({ id: newId(), serial: `FLEET-${n}`, ...about }))
    for (const appliance of known) studio.ledger.keep(appliance)
    await allowed(known.map(({ id }) => id))
    for (let n = 0; n < count; n++) {
      const box = await StudioBox.start({ serial: `FLEET-${n}`, ca: studio.authority.pem })
      boxes.push(box)
      await box.pair(studio.url, studio.issue(`FLEET-${n}`))
    }
    await fleet.connected()
    return fleet
  }

  async connected(timeoutMs = 600_000): Promise<void> {
    await until('all are connected', () => this.boxes.every(({ isConnected }) => isConnected), { timeoutMs })
  }

  /** So many commands to each. */
  async send(each: number): Promise<SentTo[]> {
    const expiresat = new Date(Date.now() + 600_000).toISOString()
    const sending: Promise<SentTo>[] = []
    for (let n = 0; n < each; n++)
      for (const box of this.boxes)
        sending.push(
          this.studio
            .send(box.appliance, 'program.take', { source: 'slate' }, { expiresat })
            .then(command => ({ box, command })),
        )
    return Promise.all(sending)
  }

  /** Telemetry of all, as a box of 1.0 tells it; resolves when Studio has heard it (s). */
  async telemetry(data: object): Promise<number> {
    const began = performance.now()
    let heard = 0
    const told = this.studio.onTold
    this.studio.onTold = (appliance, topic, message) => {
      if (topic === 'telemetry') heard++
      told(appliance, topic, message)
    }
    for (const { studio } of this.boxes) await studio.sample({ type: 'vistter.telemetry', time: Date.now(), data })
    await until('all telemetry', () => heard >= this.boxes.length, { timeoutMs: 600_000 })
    this.studio.onTold = told
    return (performance.now() - began) / 1_000
  }

  async settled(sent: SentTo[], timeoutMs = 600_000): Promise<void> {
    const open = () => sent.filter(({ command }) => !this.studio.acks(command).includes('done')).length
    await until('every command is done', () => open() === 0, { timeoutMs, everyMs: 200 }).catch(error => {
      throw new Error(`${error.message}; ${open()} of ${sent.length} are open`)
    })
  }

  /** What is not as it should be: a command that was not carried out once, acks that are not complete, boxes that mixed up the order. */
  faults(sent: SentTo[]): string[] {
    const wrong = sent.flatMap(({ box, command }) => {
      const times = box.orders.filter(({ id }) => id === command).length
      const acks = this.studio.acks(command).join(' ')
      return times === 1 && acks === 'received running done' ? [] : [`${command}: ${times} times, ${acks}`]
    })
    const given = Map.groupBy(sent, ({ box }) => box)
    const mixed = [...given].flatMap(([box, all]) => {
      const ids = new Set(all.map(({ command }) => command))
      const done = box.orders.filter(({ id }) => ids.has(id)).map(({ id }) => id)
      return done.join() === [...ids].join() ? [] : [`${box.appliance}: ${done.length} in another order`]
    })
    return [...wrong, ...mixed]
  }

  /** How long after it was sent each was known to have been received (ms), the shortest first. */
  latencies(sent: SentTo[]): number[] {
    return sent
      .flatMap(({ command }) => {
        const known = this.studio.ledger.command(command)
        const received = known?.acks.find(({ status }) => status === 'received')
        return known && received ? [Date.parse(received.at) - Date.parse(known.time)] : []
      })
      .sort((a, b) => a - b)
  }

  async stop(): Promise<void> {
    await Promise.all(this.boxes.map(box => box.stop()))
  }
}
