import { nameOf, registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => (node.destination === '*' ? t('any') : nameOf('destinations', node.destination)),
})
