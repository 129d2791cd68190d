import { registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, { label: (_, t) => t('palette') })
