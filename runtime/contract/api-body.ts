import document from './schemas/openapi.v1.json' with { type: 'json' }
import { type Checked, validator } from './validate.ts'

const { schemas } = document.components

/** Checks what comes another way than by HTTP as the API checks its bodies. Compile once, at start. */
export function apiBody<T>(name: keyof typeof schemas): (value: unknown) => Checked<T> {
  const text = JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/$defs/')
  const all = JSON.parse(text) as Record<string, object>
  return validator<T>({ ...all[name], $defs: all })
}
