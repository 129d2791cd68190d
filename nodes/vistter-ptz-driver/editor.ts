import { nameOf, registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => (node.camera === '' ? t('palette') : `${t('moves')} ${nameOf('cameras', node.camera)}`),
})
