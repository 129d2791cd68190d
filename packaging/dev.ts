import { watch } from 'node:fs'
import { join } from 'node:path'
import { spawnOwned } from '../runtime/lib/child.ts'
import { sleep } from '../runtime/lib/clock.ts'
import { Supervised } from '../runtime/lib/supervise.ts'

/** `npm run dev`: the appliance, built again and restarted whenever a source file is saved. A build that fails leaves the old one running. */
const root = join(import.meta.dirname, '..')
const SOURCES = ['runtime', 'nodes', 'flows', 'packaging']
/** An editor saves several files at once, and each build writes a few itself. */
const QUIET_MS = 300

const quit = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit.abort())

const appliance = new Supervised({
  child: { id: 'launcher', kind: 'launcher' },
  spawn: () =>
    spawnOwned(process.execPath, [join(root, 'dist', 'packaging', 'launcher.js')], { cwd: root, stdio: 'inherit' }),
  graceMs: 10_000,
})
let saved = 0
for (const folder of SOURCES) {
  watch(join(root, folder), { recursive: true, signal: quit.signal }, (_event, name) => {
    if (name && /\.(ts|vue|json|html|md|css|svg)$/.test(name)) saved++
  }).on('error', error => console.error(`[dev] ${error.message}`))
}

appliance.start()
for (let built = saved; !quit.signal.aborted; ) {
  await sleep(QUIET_MS, quit.signal)
  const now = saved
  if (now === built) continue
  await sleep(QUIET_MS, quit.signal)
  if (saved !== now) continue
  built = now
  if (await build()) appliance.restart()
}
await appliance.stop()

function build(): Promise<boolean> {
  console.log('[dev] building')
  const child = spawnOwned(process.execPath, [join(root, 'packaging', 'build.ts')], { cwd: root, stdio: 'inherit' })
  return new Promise(resolve => child.once('exit', code => resolve(code === 0)))
}
