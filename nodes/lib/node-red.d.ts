import type { Vistter } from '../../runtime/contract/flow.ts'

/** The few calls of Node-RED's runtime that our nodes use (nodered.org/docs/creating-nodes, release 5). */

export interface NodeMessage {
  _msgid?: string
  topic?: unknown
  payload?: unknown
  feed?: unknown
  [key: string]: unknown
}

/** A message for the first output, or one for each of them. */
export type Outgoing = NodeMessage | (NodeMessage | null)[]

export interface NodeStatus {
  fill?: 'red' | 'green' | 'yellow' | 'blue' | 'grey'
  shape?: 'ring' | 'dot'
  text?: string
}

export interface RuntimeNode {
  id: string
  type: string
  name: string
  status(status: NodeStatus): void
  send(messages: Outgoing): void
  error(problem: unknown, message?: NodeMessage): void
  on(event: 'input', listener: (msg: NodeMessage, send: (messages: Outgoing) => void, done: Done) => void): void
  on(event: 'close', listener: (done: () => void) => void): void
}

export type Done = (error?: unknown) => void

/** A node as the flow file has it: what the user entered, as strings or numbers, plus Node-RED's own members. */
export type StoredNode = Record<string, unknown> & { id: string; type: string; name?: string }

export interface NodeApi {
  nodes: {
    createNode(node: RuntimeNode, stored: StoredNode): void
    registerType(type: string, construct: (this: RuntimeNode, stored: StoredNode) => void): void
    getNode(id: string): unknown
  }
  settings: { vistter?: Vistter }
  /** Throws where the path is none, or leads through something that is not there. */
  util: { getMessageProperty(msg: NodeMessage, path: string): unknown }
  /** A text of the node's own catalogue. */
  _(key: string, values?: Record<string, string | number>): string
}
