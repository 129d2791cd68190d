import { NodeError } from '../lib/node-error.ts'
import type { NodeMessage } from '../lib/node-red.d.ts'
import { isRecord } from '../lib/values.ts'
import { failureIn } from './failure.ts'

/** The appliance gives up after 5 s and would not know what it waited for. */
const ANSWER_MS = 4_500

interface Waiting {
  resolve(value: unknown): void
  reject(why: Error): void
  timer: NodeJS.Timeout
}

/** What the flow was asked and has not answered yet. */
export class Asks {
  private last = 0
  private readonly waiting = new Map<number, Waiting>()

  /** `send` sends the message with the number by which its answer is known again. */
  open(command: string, send: (id: number) => void): Promise<unknown> {
    const id = ++this.last
    return new Promise((resolve, reject) => {
      const late = () => this.settle(id)?.reject(timeout(`The flow did not answer ${command} within 4.5 s.`))
      this.waiting.set(id, { resolve, reject, timer: setTimeout(late, ANSWER_MS) })
      send(id)
    })
  }

  /** Throws where the message answers nothing that was ever asked. One that comes late, or twice, is nobody's any more. */
  answer(msg: NodeMessage): void {
    const id = isRecord(msg.ptz) ? msg.ptz.id : undefined
    if (typeof id !== 'number' || id > this.last)
      throw new NodeError('BAD_REQUEST', 'This message answers nothing that was asked.', 'Keep msg.ptz as it came.')
    const asked = this.settle(id)
    const failure = failureIn(msg)
    if (failure) asked?.reject(failure)
    else asked?.resolve(msg.payload)
  }

  end(): void {
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(noFlow())
  }

  private settle(id: number): Waiting | undefined {
    const asked = this.waiting.get(id)
    clearTimeout(asked?.timer)
    this.waiting.delete(id)
    return asked
  }
}

const timeout = (detail: string): NodeError =>
  new NodeError('PTZ_TIMEOUT', detail, 'Wire the answer of every branch back to the driver node.')

const noFlow = (): NodeError => new NodeError('PTZ_NO_FLOW', 'The flow was deployed anew.', 'Try again.')
