import type { NodeStatus } from './node-red.d.ts'

/**
 * The only writer of a node's status: a problem covers the live state until it is solved, and nothing is written twice,
 * because each write travels to every open editor.
 */
export class StatusLine {
  private live: NodeStatus = {}
  private problem: NodeStatus | undefined
  private written = ''
  private readonly write: (status: NodeStatus) => void

  constructor(write: (status: NodeStatus) => void) {
    this.write = write
  }

  show(live: NodeStatus): void {
    this.live = live
    this.flush()
  }

  /** `text` as short as a status must be: the code and what happened. */
  fail(text: string): void {
    this.problem = { fill: 'red', shape: 'ring', text }
    this.flush()
  }

  solved(): void {
    this.problem = undefined
    this.flush()
  }

  private flush(): void {
    const status = this.problem ?? this.live
    const text = JSON.stringify(status)
    if (text === this.written) return
    this.written = text
    this.write(status)
  }
}
