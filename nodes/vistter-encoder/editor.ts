import { registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => (node.profile === 'destination' ? t('palette') : `${t('palette')} ${node.height}p${node.fps}`),
})
