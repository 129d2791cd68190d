import { registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => {
    if (node.content === 'bars') return t('choice.content.bars')
    const file = node.content === 'clip' ? node.file : node.image
    return file.split('/').at(-1) || t('palette')
  },
})
