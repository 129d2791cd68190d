import { defineNode } from './define-node.ts'
import type { NodeApi } from './node-red.d.ts'
import type { WidgetSpec } from './widget-spec.ts'

/** What we call of a Dashboard 2.0 group node. */
interface Group {
  register(node: unknown, config: unknown, events: Record<string, never>): void
}

/** A widget's runtime half only takes its place in the dashboard: what it shows, the browser half asks of the API. */
export const defineWidget = (spec: WidgetSpec): ((RED: NodeApi) => void) =>
  defineNode(spec, ({ RED, settings, node, stored }) => {
    const group = RED.nodes.getNode(settings.group)
    if (isGroup(group)) group.register(node, stored, {})
    return {}
  })

function isGroup(node: unknown): node is Group {
  return typeof node === 'object' && node !== null && 'register' in node && typeof node.register === 'function'
}
