import { registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => {
    const file = node.content === 'clip' ? node.file : node.image
    return file.split('/').at(-1) || t('palette')
  },
})
