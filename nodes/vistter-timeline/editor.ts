import { nameOf, registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => (node.timeline === '*' ? t('any') : nameOf('timelines', node.timeline)),
})
