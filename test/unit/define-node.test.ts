import { expect, test } from 'vitest'
import { defineNode } from '../../nodes/lib/define-node.ts'
import { NodeError } from '../../nodes/lib/node-error.ts'
import type { NodeApi, NodeStatus, RuntimeNode, StoredNode } from '../../nodes/lib/node-red.d.ts'
import { defineSpec } from '../../nodes/lib/spec.ts'
import type { Feed, Vistter } from '../../runtime/contract/flow.ts'

const spec = defineSpec({ type: 'test', version: 1, category: '', color: '', inputs: 0, outputs: 1, fields: {} })

test('a node that cannot announce itself says why, and takes nothing down with it', () => {
  let announce = (_: number): void => {}
  let wrong = true
  const shown: (string | undefined)[] = []
  const errors: unknown[] = []
  const sent: unknown[] = []
  const vistter: Vistter = {
    onRound: called => {
      announce = called
      return () => {}
    },
    onState: () => () => {},
    feed: () => undefined,
    declare: () => {},
    call: () => Promise.reject(new Error('nobody there')),
  }
  const node: RuntimeNode = {
    id: 'n',
    type: 'test',
    name: '',
    on: () => {},
    send: message => sent.push(message),
    status: ({ text }: NodeStatus) => shown.push(text),
    error: thrown => errors.push(thrown),
  }
  let create: (this: RuntimeNode, stored: StoredNode) => void = () => {}
  const RED: NodeApi = {
    nodes: { createNode: () => {}, registerType: (_, made) => (create = made), getNode: () => null },
    settings: { vistter },
    util: { getMessageProperty: () => undefined },
    _: key => key,
  }
  const feed: Feed = { round: 2, kind: 'program', program: 'main', overlays: [], profile: 'destination' }
  defineNode(spec, () => ({
    announce: () => {
      if (wrong) throw new NodeError('NODE_SETTINGS', 'Too wide.', 'Make it narrower.')
      return feed
    },
  }))(RED)
  create.call(node, { id: 'n', type: 'test' })
  expect(() => announce(1)).not.toThrow()
  expect(shown.at(-1)).toBe('NODE_SETTINGS: Too wide.')
  expect(errors).toEqual([expect.objectContaining({ code: 'NODE_SETTINGS' })])
  wrong = false
  announce(2)
  expect(shown.at(-1)).toBeUndefined()
  expect(sent).toEqual([{ topic: 'vistter/feed', feed }])
})
