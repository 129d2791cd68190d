import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ApplianceProcess } from '../peers/appliance.ts'
import { scratch, until } from '../peers/run.ts'
import { Command } from '../peers/studio/command.ts'

test('npm run conformance -- --appliance: the whole product passes every case', async () => {
  const folder = scratch('conformance')
  const suite = Command.conformance(['--appliance', '--port', '0', '--data', folder.path])
  const [, url = '', code = ''] = await suite.says(/Pair the appliance with (\S+) and the code (\S+)\./)
  const appliance = new ApplianceProcess({ env: { NODE_EXTRA_CA_CERTS: join(folder.path, 'ca.pem') } })
  expect(readFileSync(join(folder.path, 'ca.pem'), 'utf8')).toContain('CERTIFICATE')
  try {
    await appliance.start()
    await appliance.setUp()
    await until('the flow runs', async () => (await appliance.api.get<{ status: string }>('/health')).status === 'ok')
    await appliance.api.post('/studio/pair', { url, code })
    expect(await suite.ended(), suite.out.slice(-4_000)).toBe(0)
    console.log(suite.out.trim().split('\n').at(-1))
    expect(suite.out).toMatch(/^(1[0-9]{2}) cases, \1 passed, 0 failed$/m)
  } finally {
    await appliance.remove()
    folder.remove()
  }
})
