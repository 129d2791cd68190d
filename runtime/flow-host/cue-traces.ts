/** A message on its way between two nodes, as Node-RED's hooks tell it. */
interface Step {
  msg?: { _msgid?: unknown }
  /** `_expectedDoneCount`: how many of its handlers say when they are done; some nodes of Node-RED never do (switch). */
  destination?: { id?: string; node?: { _expectedDoneCount?: number } | null }
  node?: { id?: string }
}

/** The part of Node-RED's message hooks that is used (nodered.org/docs/api/hooks/messages). */
export interface Hooks {
  add(hook: string, seen: (step: Step) => void): void
}

/**
 * Where the messages of offered cues are: a cue that no node holds any more was let go by the flow on purpose (a switch that
 * has no way for it), one that some node still holds is late. A message that is on its way is held by the node it goes to.
 */
export class CueTraces {
  /** How often each node holds it, by message: on its way to the node, and in it. */
  private readonly held = new Map<string, Map<string, number>>()
  private readonly passed: (offer: string) => void

  constructor(passed: (offer: string) => void) {
    this.passed = passed
  }

  watch(hooks: Hooks): void {
    hooks.add('preDeliver.vistter', ({ msg, destination }) => this.count(msg?._msgid, `to ${destination?.id}`, 1))
    hooks.add('onReceive.vistter', ({ msg, destination }) => {
      this.count(msg?._msgid, `to ${destination?.id}`, -1)
      this.count(msg?._msgid, `in ${destination?.id}`, 1)
    })
    hooks.add('postReceive.vistter', ({ msg, destination }) => {
      if (destination?.node?._expectedDoneCount === 0) this.count(msg?._msgid, `in ${destination.id}`, -1)
    })
    hooks.add('onComplete.vistter', ({ msg, node }) => this.count(msg?._msgid, `in ${node?.id}`, -1))
  }

  /** Before it is sent. Forgotten after so many ms: nobody asks any more. */
  begin(offer: string, forgetIn: number): void {
    this.held.set(offer, new Map())
    setTimeout(() => this.held.delete(offer), forgetIn).unref()
  }

  /** After it was sent: what nobody got is gone already. */
  sent(offer: string): void {
    this.look(offer)
  }

  private count(message: unknown, where: string, change: 1 | -1): void {
    const held = typeof message === 'string' ? this.held.get(message) : undefined
    if (!held || typeof message !== 'string') return
    // A link node hands on what no wire brought: what was not counted in is not counted out.
    const now = (held.get(where) ?? 0) + change
    if (now > 0) held.set(where, now)
    else held.delete(where)
    if (change < 0) this.look(message)
  }

  /** A node may say that it is done in the middle of sending: what it sends is there a turn of the loop later. */
  private look(offer: string): void {
    setImmediate(() => {
      if (this.held.get(offer)?.size !== 0) return
      this.held.delete(offer)
      this.passed(offer)
    })
  }
}
