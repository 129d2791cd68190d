import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..', '..', 'runtime', 'contract', 'schemas')
const ajv = new Ajv2020({ strict: false })

/** The product does not check its own schemas each time it starts; the OpenAPI document is checked where tests start control. */
test.each(readdirSync(folder))('%s holds only schemas of draft 2020-12', file => {
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const parts = document.components?.schemas ?? { whole: document }
  for (const [name, schema] of Object.entries(parts))
    expect(ajv.validateSchema(schema as object), `${name}: ${ajv.errorsText()}`).toBe(true)
})
