import { defineWidget } from '../lib/define-widget.ts'
import { spec } from './schema.ts'

export default defineWidget(spec)
