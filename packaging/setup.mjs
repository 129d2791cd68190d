#!/usr/bin/env node
/**
 * Makes a fresh clone ready: Debian packages, npm packages, build. Plain JavaScript without dependencies, because it is
 * the one program that runs before anything is installed, on whatever Node.js (20 or newer) the machine has.
 * Safe to run twice, and two at once wait for each other; with nothing to do it is done in well under a second.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
/** The project's own Node.js 24: always called by this path, since a fresh clone has none when npm starts. */
export const node24 = join(root, 'node_modules', '.bin', 'node')

/** Debian packages by what needs them. Without `run` nothing works; the others are wanted, and their lack is told. */
const DEBIAN = {
  run: ['ffmpeg'],
  build: ['g++', 'make', 'python3'],
  demo: [
    ...['nginx-light', 'libnginx-mod-rtmp'],
    ...['gir1.2-gst-rtsp-server-1.0', 'gir1.2-gstreamer-1.0', 'python3-gi'],
    ...['gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-ugly'],
  ],
  test: ['chromium', 'mosquitto', 'nats-server'],
}
const SOURCES = ['runtime', 'nodes', 'packaging', 'flows', 'settings.ts', 'tsup.config.ts', 'package-lock.json']

/** Without the project's own programs: npm puts them first, but npm must not run on a Node.js that it is about to replace. */
const ownPath = (process.env.PATH ?? '')
  .split(':')
  .filter(folder => !folder.endsWith('node_modules/.bin'))
  .join(':')
const state = join(root, '.setup')
const say = text => process.stdout.write(`[set-up] ${text}\n`)

/** One line for what could not be done and how to do it; the set-up goes no further. */
class SetupError extends Error {}

/**
 * Does what is missing for a purpose: 'packages' (npm's alone, nothing built), 'start' (the appliance), 'demo', or 'test'
 * (everything). Answers whether all that was wanted is there.
 */
export async function setup(purpose = 'test') {
  mkdirSync(state, { recursive: true })
  const release = await lock(join(state, 'lock'))
  try {
    const complete = await debianPackages(purpose)
    await npmPackages()
    if (purpose !== 'packages') await build()
    return complete
  } finally {
    release()
  }
}

async function debianPackages(purpose) {
  const names = npmIsCurrent() ? [] : [...DEBIAN.build]
  if (purpose !== 'packages') names.push(...DEBIAN.run)
  if (purpose === 'demo' || purpose === 'test') names.push(...DEBIAN.demo)
  if (purpose === 'test') names.push(...DEBIAN.test)
  if (names.length === 0) return true
  const missing = notInstalled(names)
  if (missing.length === 0) return true
  const byHand = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const asRoot = rootShell()
  if (!existsSync('/usr/bin/apt-get')) say(`no apt-get here: install the equivalents of ${missing.join(', ')} yourself`)
  else if (!asRoot) say(`may not install packages without a password; please run:  ${byHand}`)
  else {
    say(`Debian packages: ${missing.join(' ')}`)
    const code = await runLogged(asRoot[0], [...asRoot.slice(1), APT, 'apt', ...missing], 'debian')
    if (code !== 0) say(`apt-get did not succeed (see .setup/debian.log); to try by hand:  ${byHand}`)
  }
  const still = notInstalled(missing)
  const needed = still.filter(name => DEBIAN.run.includes(name) && !onPath(name))
  if (needed.length > 0) throw new SetupError(`cannot go on without ${needed.join(', ')}:  ${byHand}`)
  if (still.length > 0) say(`going on without ${still.join(', ')}: what needs them will say so`)
  return still.length === 0
}

/**
 * Debian starts a server as soon as it is installed. The tests and the demo start their own, so policy-rc.d (the
 * documented way, see invoke-rc.d(8)) forbids it for the moment, and what came new is not started at boot either.
 */
const APT = `
  guard=/usr/sbin/policy-rc.d
  if [ ! -e $guard ]; then
    printf '#!/bin/sh\\nexit 101\\n' > $guard && chmod 755 $guard
    trap 'rm -f $guard' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 update || echo 'apt-get update failed: trying with what is known'
  known=
  for name in "$@"; do
    if apt-cache show "$name" > /dev/null 2>&1; then known="$known $name"; else echo "unknown here: $name"; fi
  done
  had=
  for server in nginx mosquitto nats-server; do if command -v $server > /dev/null; then had="$had $server "; fi; done
  apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $known || exit 1
  for server in nginx mosquitto nats-server; do
    case "$had" in *" $server "*) continue ;; esac
    if [ -d /run/systemd/system ] && command -v $server > /dev/null; then systemctl disable --now $server; fi
  done
  exit 0
`

function rootShell() {
  if (process.getuid?.() === 0) return ['sh', '-c']
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n', 'sh', '-c'] : undefined
}

function notInstalled(names) {
  const query = spawnSync('dpkg-query', ['-W', '-f', `\${Package} \${db:Status-Status}\n`, ...names], {
    encoding: 'utf8',
  })
  const installed = new Set((query.stdout ?? '').split('\n').filter(line => line.endsWith(' installed')))
  return names.filter(name => !installed.has(`${name} installed`))
}

const onPath = name => (process.env.PATH ?? '').split(':').some(folder => existsSync(join(folder, name)))

async function npmPackages() {
  if (npmIsCurrent()) return
  say('npm packages (some minutes where sqlite3 has to be compiled)')
  // Not `npm ci`: it refuses a lock file that lacks packages for other processors, and such a lock file is what npm writes
  // where the registry in use does not carry them all. Versions and checksums come from the lock file either way.
  const code = await runLogged('npm', ['install', '--no-save', '--no-audit', '--no-fund'], 'npm')
  if (code !== 0)
    throw new SetupError('npm install failed (see .setup/npm.log); mend that and run the same command again')
  if (!npmIsCurrent())
    throw new SetupError('npm left something out; remove node_modules and run the same command again')
}

/** npm writes node_modules/.package-lock.json when an installation is complete: it must hold every version of the lock file. */
function npmIsCurrent() {
  if (!existsSync(node24)) return false
  const wanted = readJson('package-lock.json')?.packages
  const there = readJson('node_modules/.package-lock.json')?.packages
  if (!wanted || !there) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || there[path]?.version === entry.version) return true
    return Boolean(entry.optional || entry.devOptional) && !there[path]
  })
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'))
  } catch {
    return undefined
  }
}

async function build() {
  const stamp = join(state, 'built')
  const now = fingerprint()
  if (existsSync(stamp) && existsSync(join(root, 'dist')) && readFileSync(stamp, 'utf8') === now) return
  say('build')
  rmSync(stamp, { force: true })
  const code = await runLogged(node24, [join(root, 'packaging', 'build.ts')], 'build')
  if (code !== 0) throw new SetupError('the build failed (see above and .setup/build.log)')
  writeFileSync(stamp, now)
}

/** Changes when a source file is added, removed or written; build products inside the source folders do not count. */
function fingerprint() {
  const hash = createHash('sha256')
  const add = path => {
    const facts = statSync(path, { throwIfNoEntry: false })
    if (facts?.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name))
    else if (facts && !path.endsWith('.wasm')) hash.update(`${path} ${facts.size} ${facts.mtimeMs}\n`)
  }
  for (const path of SOURCES) add(join(root, path))
  return hash.digest('hex')
}

/** Runs a step with its output in .setup/NAME.log and a sign of life on the terminal; a failure shows the log's end. */
function runLogged(command, args, name) {
  const path = join(state, `${name}.log`)
  const log = openSync(path, 'w')
  const began = Date.now()
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', log, log], env: { ...process.env, PATH: ownPath } })
  const seconds = () => Math.round((Date.now() - began) / 1_000)
  const alive = setInterval(() => say(`  … ${name}: ${seconds()} s`), 15_000)
  const stop = signal => child.kill(signal)
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return new Promise(resolve => {
    child.once('error', error => {
      writeSync(log, `${error.message}\n`)
      done(127)
    })
    child.once('exit', code => done(code ?? 1))
    function done(code) {
      clearInterval(alive)
      process.off('SIGINT', stop).off('SIGTERM', stop)
      closeSync(log)
      if (code === 0) say(`  done in ${seconds()} s`)
      else process.stdout.write(`${readFileSync(path, 'utf8').split('\n').slice(-30).join('\n')}\n`)
      resolve(code)
    }
  })
}

/** One set-up at a time: the file names its owner, and a dead owner's lock is taken over. */
async function lock(path) {
  for (let told = false; ; told = true) {
    try {
      const handle = openSync(path, 'wx')
      writeSync(handle, String(process.pid))
      closeSync(handle)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!ownerLives(path)) rmSync(path, { force: true })
    else {
      if (!told) say('another set-up is running here: waiting for it')
      await pause(200)
    }
  }
}

function ownerLives(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    // An empty file belongs to an owner that is just about to write its number, unless it never did.
    if (!pid) return Date.now() - statSync(path).mtimeMs < 2_000
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Runs the set-up and turns an expected failure into its one line and exit code 1. */
export async function setupOrExit(purpose) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Node.js ${process.versions.node} is too old: please install version 20 or newer`)
    process.exit(1)
  }
  try {
    return await setup(purpose)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const complete = await setupOrExit('test')
  say(complete ? 'everything is ready' : 'ready, except for what is named above')
}
