import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/**
 * The whole build, in order, each step a program of its own; `build.ts kernel code` runs only those named.
 * The first failure ends it with a clear line.
 */
const root = join(import.meta.dirname, '..')
const kernel = join('runtime', 'engine', 'kernel')

const STEPS: Record<string, string[]> = {
  kernel: [
    ...['node_modules/assemblyscript/bin/asc.js', join(kernel, 'kernel.as.ts'), '-o', join(kernel, 'kernel.wasm')],
    ...['--enable', 'simd,threads,relaxed-simd', '--importMemory', '--sharedMemory'],
    ...['--initialMemory', '32768', '--maximumMemory', '32768', '-O3', '--noAssert', '--runtime', 'stub'],
  ],
  code: ['node_modules/tsup/dist/cli-default.js'],
  nodes: ['packaging/build-nodes.ts'],
  widgets: ['packaging/build-widgets.ts'],
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STEPS)
for (const name of wanted) {
  const step = STEPS[name]
  if (!step) fail(`there is no build step "${name}"; steps: ${Object.keys(STEPS).join(', ')}`)
  const began = performance.now()
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: 'inherit' })
  if (status !== 0) fail(`build step "${name}" failed`)
  console.log(`build: ${name} (${((performance.now() - began) / 1_000).toFixed(1)} s)`)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
