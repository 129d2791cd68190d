import { widgetSpec } from '../lib-ui/widget-spec.ts'

export const spec = widgetSpec('ui-vistter-program')
