import { defineWidget } from '../lib-ui/define-widget.ts'
import { spec } from './schema.ts'

export default defineWidget(spec)
