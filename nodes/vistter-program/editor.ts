import { registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => (node.program === 'main' ? t('palette') : `${t('palette')} ${node.program}`),
})
