import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../lib/clock.ts'
import { kernelOn } from '../kernel/kernel.ts'
import { type Anchor, FrameTimes } from './clock.ts'
import { Desk } from './desk.ts'
import { type Answer, type Birth, END, type Order, WAKE } from './messages.ts'

/** A program that is further behind than this (ms) repeats its last picture until it has caught up. */
const BEHIND_MS = 500
/** And further than this (ms, the machine was stopped) it leaves frames out: nobody has waited for them. */
const LOST_MS = 10_000
const REPORT_MS = 250

/**
 * The clock of a program. The thread belongs to it alone: it sleeps until the next frame is due, makes it, and looks at
 * its orders between two frames. It never returns to the event loop before its end.
 */
class Metronome {
  private readonly control: Int32Array
  private readonly desk: Desk
  private readonly times: FrameTimes
  private readonly port: MessagePort
  private anchor: Anchor = { mono: 0, wall: 0 }
  private readonly ahead: number | undefined
  private n = 0
  private heard = 0
  private lateMsMax = 0
  private reportedAt = 0
  private reported = ''

  constructor(birth: Birth, port: MessagePort) {
    this.control = new Int32Array(birth.control)
    this.port = port
    this.ahead = birth.ahead
    this.times = new FrameTimes(birth.picture.frameRate)
    this.desk = new Desk(birth, kernelOn(birth.kernel, birth.memory), this.times)
  }

  run(): void {
    const mono = systemClock.mono()
    this.anchor = { mono, wall: this.ahead === undefined ? systemClock.now() : mono + this.ahead }
    this.tell({ started: this.anchor })
    while (Atomics.load(this.control, END) === 0) {
      if (!this.sleepUntil(this.dueAt(this.n))) continue
      this.obey()
      this.beat()
    }
  }

  private dueAt(n: number): number {
    return this.anchor.mono + this.times.msOf(n)
  }

  /** False when it was woken early: by an order, which waits for the frame, or by the end. */
  private sleepUntil(due: number): boolean {
    const seen = Atomics.load(this.control, WAKE)
    const left = due - systemClock.mono()
    return left <= 0 || Atomics.wait(this.control, WAKE, seen, left) === 'timed-out'
  }

  private beat(): void {
    const now = systemClock.mono()
    const late = now - this.dueAt(this.n)
    this.lateMsMax = Math.max(this.lateMsMax, late)
    if (late > LOST_MS) {
      const to = this.times.frameAt(now - this.anchor.mono)
      this.desk.drop(this.n, to)
      this.n = to
    } else if (late > BEHIND_MS) {
      this.desk.repeat(this.n, this.dueAt(this.n), systemClock.mono)
      this.n++
    } else {
      const due = this.dueAt(this.n)
      this.desk.tick(this.n, due, this.anchor.wall + this.times.msOf(this.n), systemClock.mono)
      this.n++
    }
    this.reportWhenDue(now)
  }

  private reportWhenDue(now: number): void {
    const seen = `${this.desk.chooser.onAir} ${this.desk.override}`
    if (now - this.reportedAt < REPORT_MS && this.reported === seen) return
    this.reported = seen
    this.reportedAt = now
    this.tell({ report: this.desk.report(this.n, this.lateMsMax) })
    this.lateMsMax = 0
  }

  private obey(): void {
    const count = Atomics.load(this.control, WAKE)
    if (count === this.heard) return
    this.heard = count
    for (let got = receiveMessageOnPort(this.port); got; got = receiveMessageOnPort(this.port)) this.follow(got.message)
  }

  private follow(order: Order): void {
    const { desk } = this
    if (order.do === 'ahead') this.countFrom(order.ms)
    else if (order.do === 'sources') desk.setSources(order.sources)
    else if (order.do === 'fallback') desk.chooser.chain = order.ids
    else if (order.do === 'slateAfter') desk.chooser.thresholdMs = order.ms
    else if (order.do === 'view') desk.view = order.view
    else if (order.do === 'override') desk.setOverride(order.kind)
    else if (order.do === 'sound') desk.setSound(order.mix)
    else if (order.do === 'take') desk.takes.add(order.take, this.frameOf(order.take.at))
    else if (order.do === 'buses') desk.setBuses(order.buses, this.n)
    else if (order.do === 'overlays') desk.setOverlays(order.overlays)
    else desk.supply(order.version, order.delta)
    if (order.number !== undefined) this.tell({ done: order.number })
  }

  /** What was told of the air so far is told to its end by the clock before. */
  private countFrom(ahead: number): void {
    const wall = this.anchor.mono + ahead
    if (wall === this.anchor.wall) return
    this.anchor = { ...this.anchor, wall }
    this.desk.cutAirings()
  }

  private frameOf(at = 0): number {
    return Math.max(this.n, this.times.frameAt(at - this.anchor.wall))
  }

  private tell(answer: Answer): void {
    this.port.postMessage(answer)
  }
}

if (parentPort) new Metronome(workerData as Birth, parentPort).run()
