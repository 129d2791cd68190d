import { nameOf, registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => (node.timeline === '*' ? t('any') : `${t('palette')}: ${nameOf('timelines', node.timeline)}`),
})
