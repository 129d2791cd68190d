import { WebSocket } from 'ws'
import type { FlowHostRig } from './flow-host.ts'

export interface ShownStatus {
  fill?: string
  shape?: string
  text?: string
}

/** What the editor shows under the nodes of a rig. */
export class FlowStatuses {
  private readonly shown = new Map<string, ShownStatus>()
  private readonly rig: FlowHostRig
  private comms: WebSocket | undefined

  constructor(rig: FlowHostRig) {
    this.rig = rig
  }

  /** The rig's editor answers already. */
  async start(): Promise<void> {
    const comms = new WebSocket(`${this.rig.url.replace('http', 'ws')}/editor/comms`, { origin: this.rig.url })
    this.comms = comms
    await new Promise((resolve, reject) => comms.once('open', resolve).once('error', reject))
    comms.on('message', (data: Buffer) => {
      for (const { topic, data: said } of JSON.parse(data.toString()) as { topic: string; data: ShownStatus }[])
        if (topic?.startsWith('status/')) this.shown.set(topic.slice('status/'.length), said)
    })
    comms.send(JSON.stringify({ subscribe: 'status/#' }))
  }

  stop(): void {
    this.comms?.close()
  }

  /** What a node says now. */
  text(node: string): string | undefined {
    return this.shown.get(node)?.text
  }

  /** The status of a node, once it says this. */
  of(node: string, text: string): Promise<ShownStatus> {
    return this.rig.until(`status "${text}" of ${node}; it is "${this.shown.get(node)?.text}"`, () => {
      const status = this.shown.get(node)
      return status?.text?.includes(text) ? status : undefined
    })
  }
}
