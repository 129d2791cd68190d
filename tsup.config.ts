import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defineConfig } from 'tsup'

/** Each process, worker and command is one bundle whose place in dist/ is its place in the sources. */
const entries = [
  'runtime/engine/main.ts',
  'runtime/engine/ocl-render.ts',
  'runtime/engine/mixer/worker.ts',
  'runtime/engine/ingest/worker.ts',
  'runtime/engine/encode/worker.ts',
  'runtime/engine/graphics/renderer-main.ts',
  'runtime/control/main.ts',
  'runtime/flow-host/main.ts',
  'runtime/ocl/cli.ts',
  'packaging/launcher.ts',
]

/** What bundles read at run time, copied to where they look for it: beside the bundle. */
const files: [from: string, to: string][] = [
  ['runtime/engine/kernel/kernel.wasm', 'runtime/engine/kernel/kernel.wasm'],
  ['runtime/control/web/pages/static', 'runtime/control/static'],
]

export default defineConfig({
  entry: Object.fromEntries(entries.map(path => [path.replace(/\.ts$/, ''), path])),
  outDir: 'dist',
  format: 'esm',
  target: 'node24',
  platform: 'node',
  bundle: true,
  splitting: false,
  sourcemap: true,
  skipNodeModulesBundle: true,
  silent: true,
  onSuccess: async () => {
    for (const [from, to] of files) {
      mkdirSync(dirname(join('dist', to)), { recursive: true })
      cpSync(from, join('dist', to), { recursive: true })
    }
  },
})
