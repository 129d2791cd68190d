import type { CueOffer } from '../../runtime/contract/cue-offer.ts'
import type { Feed, FlowState, Vistter } from '../../runtime/contract/flow.ts'
import { forCatchNode, NodeError, statusTextOf } from './node-error.ts'
import type { Done, NodeApi, NodeMessage, NodeStatus, Outgoing, RuntimeNode, StoredNode } from './node-red.d.ts'
import { type NodeSpec, readSettings, type SettingsOf } from './spec.ts'
import { StatusLine } from './status-line.ts'

/** What a node's behaviour is made from. */
export interface NodeContext<S extends NodeSpec> {
  settings: SettingsOf<S>
  vistter: Vistter
  /** A text of the node's locale.json, or of nodes/lib/locale.json under `shared.`. */
  t(key: string, values?: Record<string, string | number>): string
  /** Node-RED itself, for what the kit does not cover (dashboard widgets register with their group). */
  RED: NodeApi
  node: RuntimeNode
  stored: StoredNode
  /** `status` would answer something else now, though the appliance's state is the same. */
  refresh(): void
}

/** What a node does; everything is optional, and anything thrown becomes its status and the message's error. */
export interface Behaviour {
  /** A deploy began its round: answers the feed that starts here. */
  announce?(round: number): Feed | undefined
  /** A feed arrived: answers the feed that goes on. Without this the node passes feeds through. */
  feed?(feed: Feed): Feed | undefined
  /** Any other message: answers what goes on. Without this the node passes it through. */
  message?(msg: NodeMessage): Promise<Outgoing | undefined>
  /** Control offers a cue: answers the message that goes on its way, if it is this node's. */
  offer?(offer: CueOffer): Outgoing | undefined
  /** The appliance's state, at each change: answers what is to be told of it, if anything. */
  news?(state: FlowState): Outgoing[]
  /** The appliance's live state in a few words. */
  status?(state: FlowState): NodeStatus
  /** ms: `status` tells how old something is, and is asked anew this often. */
  ages?: number
  close?(): void
}

/**
 * The one wrapper around every node: settings read by the spec, async handlers whose failure reaches done(), one status
 * writer, and nothing left behind on close. Node-RED itself does not await handlers, so a rejection would end the process.
 */
export function defineNode<S extends NodeSpec>(
  spec: S,
  behave: (context: NodeContext<S>) => Behaviour,
): (RED: NodeApi) => void {
  return RED => {
    RED.nodes.registerType(spec.type, function (this: RuntimeNode, stored: StoredNode) {
      RED.nodes.createNode(this, stored)
      const line = new StatusLine(status => this.status(status))
      const t: NodeContext<S>['t'] = (key, values) => RED._(`${spec.type}.${key}`, values)
      const { settings, problems } = readSettings(spec, stored)
      const vistter = RED.settings.vistter
      if (problems.length > 0 || !vistter) {
        const why = problems.length > 0 ? problems.join('; ') : t('shared.noAppliance')
        line.fail(`NODE_SETTINGS: ${why}`)
        this.error(new NodeError('NODE_SETTINGS', why, t('shared.openNode')))
        return
      }
      try {
        let show = (): void => {}
        const context = { settings, vistter, t, RED, node: this, stored, refresh: () => show() }
        show = run(this, line, vistter, t, behave(context))
      } catch (thrown) {
        line.fail(statusTextOf(thrown))
        this.error(thrown)
      }
    })
  }
}

/** Answers what shows the node's status anew. */
function run(
  node: RuntimeNode,
  line: StatusLine,
  vistter: Vistter,
  t: (key: string) => string,
  behaviour: Behaviour,
): () => void {
  const undo: (() => void)[] = []
  /** Nodes are called in one go: one that throws must neither keep the others silent nor end the process. */
  const guarded = (work: () => void) => {
    try {
      work()
    } catch (thrown) {
      line.fail(statusTextOf(thrown))
      node.error(thrown)
    }
  }
  node.on('close', done => {
    for (const end of undo) end()
    behaviour.close?.()
    done()
  })
  undo.push(
    vistter.onRound(round => {
      line.solved()
      guarded(() => {
        const feed = behaviour.announce?.(round)
        if (feed) node.send({ topic: 'vistter/feed', feed })
      })
    }),
  )
  const { status, news, ages, offer: carry } = behaviour
  if (carry)
    undo.push(
      vistter.onOffer(offer => {
        let sent = false
        guarded(() => {
          const out = carry(offer)
          if (out) node.send(out)
          sent = out !== undefined
        })
        return sent
      }),
    )
  let known: FlowState | undefined
  const show = () =>
    guarded(() => {
      if (status) line.show(known ? status(known) : { fill: 'yellow', shape: 'ring', text: t('shared.noWord') })
    })
  if (status || news)
    undo.push(
      vistter.onState(state => {
        known = state
        show()
        guarded(() => {
          if (state && news) for (const told of news(state)) node.send(told)
        })
      }),
    )
  if (ages !== undefined) {
    const timer = setInterval(show, ages)
    undo.push(() => clearInterval(timer))
  }
  node.on('input', (msg, send, done) => {
    handle(behaviour, vistter, msg)
      .then(out => {
        if (msg.feed === undefined) line.solved()
        if (out) send(out)
        done()
      })
      .catch(thrown => fail(line, thrown, done))
  })
  return show
}

async function handle(behaviour: Behaviour, vistter: Vistter, msg: NodeMessage): Promise<Outgoing | undefined> {
  if (msg.feed === undefined) return behaviour.message ? behaviour.message(msg) : msg
  const feed = vistter.feed(msg.feed)
  if (!feed) return undefined
  const onward = behaviour.feed ? behaviour.feed(feed) : feed
  return onward && { ...msg, feed: onward }
}

function fail(line: StatusLine, thrown: unknown, done: Done): void {
  line.fail(statusTextOf(thrown))
  done(forCatchNode(thrown))
}
