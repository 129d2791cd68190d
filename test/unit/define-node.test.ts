import { expect, test } from 'vitest'
import { type Behaviour, defineNode } from '../../nodes/lib/define-node.ts'
import { NodeError } from '../../nodes/lib/node-error.ts'
import type { NodeApi, NodeStatus, RuntimeNode, StoredNode } from '../../nodes/lib/node-red.d.ts'
import { defineSpec } from '../../nodes/lib/spec.ts'
import type { Feed, FlowState, Vistter } from '../../runtime/contract/flow.ts'

const spec = defineSpec({ type: 'test', version: 1, category: '', color: '', inputs: 0, outputs: 1, fields: {} })

/** A node of this behaviour in a Node-RED that there is not. */
function place(behaviour: Behaviour) {
  const seen = { shown: [] as (string | undefined)[], errors: [] as unknown[], sent: [] as unknown[] }
  let announce = (_: number): void => {}
  let tell = (_: FlowState | undefined): void => {}
  const vistter: Vistter = {
    onRound: called => {
      announce = called
      return () => {}
    },
    onState: called => {
      tell = called
      called(undefined)
      return () => {}
    },
    feed: () => undefined,
    declare: () => {},
    drive: () => () => {},
    onCommand: () => () => {},
    onOffer: () => () => {},
    call: () => Promise.reject(new Error('nobody there')),
  }
  const node: RuntimeNode = {
    ...{ id: 'n', type: 'test', name: '', on: () => {} },
    send: message => seen.sent.push(message),
    status: ({ text }: NodeStatus) => seen.shown.push(text),
    error: thrown => seen.errors.push(thrown),
  }
  let create: (this: RuntimeNode, stored: StoredNode) => void = () => {}
  const RED: NodeApi = {
    nodes: { createNode: () => {}, registerType: (_, made) => (create = made), getNode: () => null },
    settings: { vistter },
    util: { getMessageProperty: () => undefined },
    _: key => key,
  }
  let refresh = (): void => {}
  defineNode(spec, context => {
    refresh = context.refresh
    return behaviour
  })(RED)
  create.call(node, { id: 'n', type: 'test' })
  return { ...seen, announce: (n: number) => announce(n), tell: (to: FlowState) => tell(to), refresh: () => refresh() }
}

test('a node that cannot announce itself says why, and takes nothing down with it', () => {
  let wrong = true
  const feed: Feed = { round: 2, kind: 'program', program: 'main', overlays: [], profile: 'destination' }
  const { announce, shown, errors, sent } = place({
    announce: () => {
      if (wrong) throw new NodeError('NODE_SETTINGS', 'Too wide.', 'Make it narrower.')
      return feed
    },
  })
  expect(() => announce(1)).not.toThrow()
  expect(shown.at(-1)).toBe('NODE_SETTINGS: Too wide.')
  expect(errors).toEqual([expect.objectContaining({ code: 'NODE_SETTINGS' })])
  wrong = false
  announce(2)
  expect(shown.at(-1)).toBeUndefined()
  expect(sent).toEqual([{ topic: 'vistter/feed', feed }])
})

test('a node tells what the state brings, and one that cannot read it takes nothing down with it', () => {
  let words = 'one'
  const { tell, refresh, shown, errors, sent } = place({
    news: ({ cameras }) => cameras.map(({ id }) => [null, { topic: id }]),
    status: ({ cameras }) => {
      if (cameras.length > 1) throw new Error('too many')
      return { text: words }
    },
  })
  const camera = { id: 'c', name: 'C', status: 'online', moving: false } as const
  const none = { programs: [], overlays: [], data: [], encoders: [], destinations: [], recordings: [], timelines: [] }
  tell({ ...none, engine: true, cameras: [camera] })
  words = 'two'
  refresh()
  expect(shown).toEqual(['test.shared.noWord', 'one', 'two'])
  expect(sent).toEqual([[null, { topic: 'c' }]])
  expect(() => tell({ ...none, engine: true, cameras: [camera, camera] })).not.toThrow()
  expect(shown.at(-1)).toBe('too many')
  expect(errors).toHaveLength(1)
  // Not when a timer asks it, either; and what it tells goes out all the same.
  expect(refresh).not.toThrow()
  expect(sent).toHaveLength(3)
})
