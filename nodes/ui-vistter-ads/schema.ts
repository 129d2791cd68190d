import { widgetSpec } from '../lib/widget-spec.ts'

export const spec = widgetSpec('ui-vistter-ads')
