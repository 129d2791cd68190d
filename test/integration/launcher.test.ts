import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock, within } from '../../runtime/lib/clock.ts'
import { ApplianceProcess } from '../peers/appliance.ts'
import { processesWith } from '../peers/processes.ts'
import { freePort, scratch, until } from '../peers/run.ts'

const launcher = join(import.meta.dirname, '..', '..', 'dist', 'packaging', 'launcher.js')

/** Whether this user may put a process ahead of others: tried on one that does nothing. */
function mayComeFirst(): boolean {
  const bystander = spawn('sleep', ['60'])
  try {
    setPriority(Number(bystander.pid), -10)
    return true
  } catch {
    return false
  } finally {
    bystander.kill('SIGKILL')
  }
}

describe('the launcher', () => {
  const appliance = new ApplianceProcess()
  afterEach(() => appliance.stop())

  test('starts the parts as processes that can be told apart, the show ahead of other programs where it may, and stops them without a rest', async () => {
    await appliance.start()
    const niceness = (['engine', 'control', 'flow-host'] as const).map(part =>
      getPriority(Number(appliance.pidOf(part))),
    )
    const first = mayComeFirst() ? -10 : getPriority()
    // Pictures before pages, and what integrators write last.
    expect(niceness).toEqual([first, first + 5, first + 10])
    // stop() fails when it takes over 10 s or leaves a process.
    expect(await appliance.stop()).toBeLessThan(10_000)
    expect(appliance.processes()).toEqual([])
  })

  test('starts a killed engine again within half a second, control stays', async () => {
    await appliance.start()
    const control = appliance.pidOf('control')
    const killed = systemClock.mono()
    await appliance.reborn('engine', appliance.kill('engine'))
    // 500 ms are promised; the rest is for a machine that is busy with other tests.
    expect(systemClock.mono() - killed).toBeLessThan(1_500)
    await until('control commands it again', async () => {
      const health = await appliance.api.call<{ status: string }>('GET', '/healthz', undefined, true)
      return health.status === 200
    })
    expect(appliance.pidOf('control')).toBe(control)
    await appliance.remove()
  })
})

describe('the launcher alone', () => {
  test('repeated signals to the whole group: one clean stop within 10 s, exit code 0, no child left', async () => {
    const folder = scratch('launcher')
    const data = join(folder.path, 'data')
    const env = {
      ...process.env,
      VISTTER_DATA: data,
      VISTTER_BIND: '127.0.0.1',
      VISTTER_PORT: String(await freePort()),
    }
    // Its own process group, as a terminal gives one to each command.
    const child = spawn(process.execPath, [launcher], { env, detached: true, stdio: 'ignore' })
    const running = () => processesWith(`VISTTER_DATA=${data}`)
    try {
      await until('all parts run', () => running().some(p => p.command.includes('runtime/flow-host')), {
        timeoutMs: 60_000,
      })
      const began = systemClock.mono()
      const ended = once(child, 'exit')
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGTERM', 'SIGINT'] as const) process.kill(-Number(child.pid), signal)
      const [code] = await within(12_000, 'the launcher did not end', ended)
      expect(code).toBe(0)
      expect(systemClock.mono() - began).toBeLessThan(10_000)
      expect(running()).toEqual([])
    } finally {
      for (const { pid } of running()) process.kill(pid, 'SIGKILL')
      folder.remove()
    }
  })

  test('ends with 78 and a sentence when control says that somebody has to look', async () => {
    const folder = scratch('launcher')
    const data = join(folder.path, 'data')
    mkdirSync(data, { recursive: true })
    const newer = new DatabaseSync(join(data, 'vistter.db'))
    newer.exec('PRAGMA user_version = 999999')
    newer.close()
    const env = {
      ...process.env,
      VISTTER_DATA: data,
      VISTTER_BIND: '127.0.0.1',
      VISTTER_PORT: String(await freePort()),
    }
    const child = spawn(process.execPath, [launcher], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr?.on('data', chunk => {
      said += chunk
    })
    try {
      const [code] = await within(30_000, 'the launcher did not end', once(child, 'exit'))
      expect(code).toBe(78)
      expect(said).toContain('DATABASE_NEWER')
      expect(processesWith(`VISTTER_DATA=${data}`)).toEqual([])
    } finally {
      child.kill('SIGKILL')
      folder.remove()
    }
  })
})
