import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../runtime/lib/project.ts'

const nodes = join(projectRoot(), 'nodes')
const named = readdirSync(nodes).filter(name => name.startsWith('vistter-'))

/** Node-RED fills `__name__` in; any other way would be shown to people as it is written. `{{token}}` is what overlays call theirs. */
test.each(named)('what %s says is filled in as Node-RED does it', name => {
  const locale = readFileSync(join(nodes, name, 'locale.json'), 'utf8')
  expect(locale.match(/\{\{(?!token\}\})\w+\}\}|\$\{\w+\}/g)).toBeNull()
})
