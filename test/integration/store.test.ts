import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, expect, it } from 'vitest'
import { Database } from '../../runtime/control/store/database.ts'
import { migrations } from '../../runtime/control/store/migrations.ts'
import { programFile } from '../../runtime/lib/project.ts'
import { freePort, scratch, until } from '../peers/run.ts'

const folder = scratch('store')
const data = join(folder.path, 'data')
let control: ChildProcess | undefined
afterEach(() => control?.kill('SIGKILL'))
afterAll(() => folder.remove())

async function start(port?: number) {
  port ??= await freePort()
  const env = { ...process.env, VISTTER_DATA: data, VISTTER_BIND: '127.0.0.1', VISTTER_PORT: String(port) }
  const child = spawn(process.execPath, [programFile('runtime/control/main')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  control = child
  const said = text(child.stdout)
  const complained = text(child.stderr)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return { child, said, complained, ended, port }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    request({ host: '127.0.0.1', port, path: '/healthz', rejectUnauthorized: false })
      .once('response', response => resolve(response.resume().statusCode !== undefined))
      .once('error', () => resolve(false))
      .end()
  })
}

it('starts, and stops cleanly on SIGTERM, however often it is said', async () => {
  const { child, ended, said, port } = await start()
  await until('it answers', () => answers(port))
  const begun = performance.now()
  for (let times = 0; times < 3; times++) child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(performance.now() - begun).toBeLessThan(8_000)
  expect(await said).toContain('control is ready')
})

it('refuses a key that is not the database’s, in words', async () => {
  const key = join(data, 'secret.key')
  const right = readFileSync(key, 'utf8')
  writeFileSync(key, `${'ab'.repeat(32)}\n`)
  const { ended, complained } = await start()
  expect(await ended).toBe(78)
  expect(await complained).toMatch(/^SECRET_KEY_MISMATCH: .*secret\.key/m)
  writeFileSync(key, right)
})

it('refuses a file that is no database, in words, and leaves it alone', async () => {
  const file = join(data, 'vistter.db')
  const right = readFileSync(file)
  writeFileSync(file, 'no database at all. '.repeat(400))
  const { ended, complained } = await start()
  expect(await ended).toBe(78)
  expect(await complained).toMatch(/^DATABASE_BROKEN: .*vistter\.db.*backup/m)
  expect(readFileSync(file, 'utf8')).toMatch(/^no database at all/)
  writeFileSync(file, right)
})

it('refuses a database of a newer release, in words', async () => {
  const store = await Database.open(join(data, 'vistter.db'))
  await store.script('PRAGMA user_version = 99')
  await store.close()
  const { ended, complained } = await start()
  expect(await ended).toBe(78)
  expect(await complained).toMatch(/^DATABASE_NEWER: .*99.*newer release/m)
})

it('says it when the port is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const store = await Database.open(join(data, 'vistter.db'))
  await store.script(`PRAGMA user_version = ${migrations.length}`)
  await store.close()
  const { ended, complained } = await start((taken.address() as AddressInfo).port)
  expect(await ended).toBe(78)
  expect(await complained).toMatch(/^ADDRESS_IN_USE: /m)
  taken.close()
})
