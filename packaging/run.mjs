#!/usr/bin/env node
/**
 * `node packaging/run.mjs WHAT …`: does the set-up where it is missing, then runs WHAT under the project's own Node.js 24
 * and is transparent for it: arguments, standard streams, signals, exit code.
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { node24, root, setupOrExit } from './setup.mjs'

const module = path => [join(root, 'node_modules', ...path.split('/'))]
const vitest = [...module('vitest/vitest.mjs'), 'run']
const SHORT_TESTS = ['unit', 'nodes', 'integration', 'browser'].flatMap(name => ['--project', name])

/** For each command: what the set-up has to bring, and the programs to run one after another while they succeed. */
const COMMANDS = {
  start: { needs: 'start', steps: [['dist/packaging/launcher.js']] },
  demo: { needs: 'demo', steps: [['packaging/demo/main.ts']] },
  build: { needs: 'packages', steps: [['packaging/build.ts']] },
  generate: { needs: 'packages', steps: [['packaging/generate.ts']] },
  dev: { needs: 'start', steps: [['packaging/dev.ts']] },
  test: { needs: 'test', steps: [[...vitest, ...SHORT_TESTS]] },
  'test:long': { needs: 'test', steps: [[...vitest, '--project', 'long']] },
  bench: { needs: 'test', steps: [['test/bench/main.ts']] },
  soak: { needs: 'test', steps: [['test/soak/main.ts']] },
  studio: { needs: 'packages', steps: [['test/peers/studio/main.ts']] },
  conformance: { needs: 'packages', steps: [['test/conformance/main.ts']] },
  check: {
    needs: 'packages',
    steps: [
      module('typescript-7/bin/tsc'),
      [...module('typescript-7/bin/tsc'), '-p', 'nodes'],
      ['packaging/generate.ts', '--check'],
      [
        ...module('@biomejs/biome/bin/biome'),
        'ci',
        '--error-on-warnings',
        ...(process.stdout.isTTY ? [] : ['--colors=off']),
      ],
      ['packaging/check-dependencies.ts'],
      module('knip/bin/knip.js'),
    ],
  },
}

const [what, ...args] = process.argv.slice(2)
const command = COMMANDS[what]
if (!command) {
  process.stderr.write(`usage: run.mjs ${Object.keys(COMMANDS).join(' | ')}\n`)
  process.exit(2)
}
await setupOrExit(command.needs)
for (const [n, step] of command.steps.entries()) {
  // Arguments of the caller belong to the last program; the earlier ones only prepare or check.
  const code = await run(n === command.steps.length - 1 ? [...step, ...args] : step)
  if (code !== 0) process.exit(code)
}

function run(step) {
  // The kernel passes our end on to the program, so that not even `kill -9` of this process leaves it behind.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', node24, ...step], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node24)}:${process.env.PATH}` },
  })
  const pass = signal => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass)
  return new Promise(resolve => {
    child.once('error', error => {
      process.stderr.write(`${error.message}\n`)
      resolve(127)
    })
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, pass)
      resolve(code ?? (signal ? 1 : 0))
    })
  })
}
