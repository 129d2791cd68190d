import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { scratch } from '../peers/run.ts'

/**
 * The real set-up on a project of its own: packaging/setup.mjs beside a lock file that wants nothing and a build that
 * writes one line. dpkg's database (DPKG_ADMINDIR) is an empty one where a test needs a machine that lacks everything.
 */
let folder: ReturnType<typeof scratch>
const root = join(import.meta.dirname, '..', '..')

beforeEach(() => {
  folder = scratch('setup')
  chmodSync(folder.path, 0o777)
  for (const name of ['packaging', 'node_modules/.bin', 'empty-dpkg'])
    mkdirSync(join(folder.path, name), { recursive: true })
  cpSync(join(root, 'packaging', 'setup.mjs'), join(folder.path, 'packaging', 'setup.mjs'))
  const lock = JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, requires: true, packages: {} })
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', type: 'module' }))
  writeFileSync(join(folder.path, 'package-lock.json'), lock)
  writeFileSync(join(folder.path, 'node_modules', '.package-lock.json'), lock)
  symlinkSync(process.execPath, join(folder.path, 'node_modules', '.bin', 'node'))
  writeBuild("mkdirSync('dist', { recursive: true }); appendFileSync('dist/builds', 'x')")
})
afterEach(() => folder.remove())

const writeBuild = (body: string) =>
  writeFileSync(
    join(folder.path, 'packaging', 'build.ts'),
    `import { appendFileSync, mkdirSync } from 'node:fs'\n${body}\n`,
  )

/** Runs the set-up to its end, as root or as nobody (who may not install anything). */
function setUp(options: { asNobody?: boolean; env?: Record<string, string> } = {}) {
  const began = systemClock.mono()
  const script = join(folder.path, 'packaging', 'setup.mjs')
  const mayNot = options.asNobody ? ['--reuid', '65534', '--clear-groups'] : []
  const child = spawnOwned('setpriv', [...mayNot, process.execPath, script], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (said += chunk))
  return new Promise<{ code: number | null; said: string; ms: number }>(resolve => {
    child.once('close', code => resolve({ code, said, ms: systemClock.mono() - began }))
  })
}
const builds = () => readFileSync(join(folder.path, 'dist', 'builds'), 'utf8').length

describe('the set-up', () => {
  test('builds once, is quick when nothing is to do, and builds again when a source changed', async () => {
    expect(await setUp()).toMatchObject({ code: 0 })
    const again = await setUp()
    expect(again.code).toBe(0)
    expect(again.said).not.toContain('build')
    expect(again.ms).toBeLessThan(3_000)
    expect(builds()).toBe(1)
    mkdirSync(join(folder.path, 'runtime'))
    writeFileSync(join(folder.path, 'runtime', 'new.ts'), '')
    await setUp()
    expect(builds()).toBe(2)
  })

  test('two at once: one waits for the other, and the work is done once', async () => {
    writeBuild(
      "await new Promise(r => setTimeout(r, 1500)); mkdirSync('dist', { recursive: true }); appendFileSync('dist/builds', 'x')",
    )
    const both = await Promise.all([setUp(), setUp()])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.filter(({ said }) => said.includes('waiting for it'))).toHaveLength(1)
    expect(builds()).toBe(1)
  })

  test("a dead owner's lock is taken over", async () => {
    mkdirSync(join(folder.path, '.setup'))
    // The highest possible pid (2^22) is never given out.
    writeFileSync(join(folder.path, '.setup', 'lock'), '4194304')
    expect((await setUp()).code).toBe(0)
  })

  test('a failed build: its output, one line, exit code 1, and the next run tries again', async () => {
    writeBuild("console.log('the kernel is sour'); process.exit(3)")
    const failed = await setUp()
    expect(failed.code).toBe(1)
    expect(failed.said).toContain('the kernel is sour')
    expect(failed.said).toMatch(/\[set-up\] the build failed .*build\.log/)
    writeBuild("mkdirSync('dist', { recursive: true }); appendFileSync('dist/builds', 'x')")
    expect((await setUp()).code).toBe(0)
  })

  // Only root can become nobody; anyone else's sudo might really install.
  test.runIf(process.getuid?.() === 0)(
    'may not install: prints the one line to run and goes on where only optional packages lack',
    async () => {
      const env = { DPKG_ADMINDIR: join(folder.path, 'empty-dpkg'), HOME: folder.path }
      const { code, said } = await setUp({ asNobody: true, env })
      expect(said).toMatch(/please run: {2}sudo apt-get update && sudo apt-get install .*ffmpeg.*nginx-light/)
      // FFmpeg is on PATH, though not by a Debian package: good enough.
      expect(said).toContain('going on without')
      expect(code).toBe(0)
      expect(builds()).toBe(1)
    },
  )

  test.runIf(process.getuid?.() === 0)('without FFmpeg it ends with that line', async () => {
    const env = { DPKG_ADMINDIR: join(folder.path, 'empty-dpkg'), HOME: folder.path, PATH: join(folder.path, 'bin') }
    mkdirSync(env.PATH)
    for (const name of ['setpriv', 'sh', 'dpkg-query']) symlinkSync(`/usr/bin/${name}`, join(env.PATH, name))
    const { code, said } = await setUp({ asNobody: true, env })
    expect(said).toMatch(/cannot go on without ffmpeg: {2}sudo apt-get/)
    expect(code).toBe(1)
  })
})
