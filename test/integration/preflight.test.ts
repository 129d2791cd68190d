import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { preflight } from '../../runtime/engine/outputs/preflight.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { ConnectProxy } from '../peers/connect-proxy.ts'
import { RtmpPlatform } from '../peers/nginx-rtmp.ts'
import { freePort, scratch, until } from '../peers/run.ts'

const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function platform(keys: string[]): Promise<RtmpPlatform> {
  const made = new RtmpPlatform(keys)
  undo.push(() => made.remove())
  await made.start()
  return made
}

async function tried(url: string, streamKey = 'SECRET-KEY', live?: { videoBitrate: number; queueSeconds: number }) {
  const began = systemClock.mono()
  const result = await preflight({ url, streamKey, ...(live && { live }) }, systemClock)
  expect(systemClock.mono() - began).toBeLessThan(10_000)
  expect(JSON.stringify(result)).not.toContain('SECRET-KEY')
  return { ...result, outline: result.steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`) }
}

describe('trying out an RTMP server', () => {
  it('goes as far as the key, and nothing is broadcast', async () => {
    const server = await platform(['SECRET-KEY'])
    const { ok, outline } = await tried(server.url)
    expect(outline).toEqual(['dns ok', 'tcp ok', 'handshake ok', 'connect ok', 'key ok', 'uplink ok'])
    expect(ok).toBe(true)
    await until('the platform saw the end', () => server.publishes[0]?.ended)
    // No more than an FLV header.
    expect(server.recordings().filter(file => statSync(file).size > 13)).toEqual([])
  })

  it('names a wrong key', async () => {
    const server = await platform(['right'])
    const { ok, outline, steps } = await tried(server.url)
    expect(outline.at(-1)).toBe('key failed')
    expect(steps.at(-1)?.code).toBe('OUTPUT_REFUSED')
    expect(steps.at(-1)?.hint).toContain('stream key')
    expect(ok).toBe(false)
  })

  it('names a wrong application', async () => {
    const server = await platform(['SECRET-KEY'])
    const { outline } = await tried(server.url.replace(/live$/, 'nothing'))
    expect(outline.at(-1)).toBe('connect failed')
  })

  it('does not publish a second time what is on air', async () => {
    const server = await platform(['SECRET-KEY'])
    const { ok, steps } = await tried(server.url, 'SECRET-KEY', { videoBitrate: 3_000, queueSeconds: 0.2 })
    expect(ok).toBe(true)
    expect(steps.map(({ step }) => step)).toEqual(['dns', 'tcp', 'handshake', 'connect', 'key', 'uplink'])
    expect(steps.at(-1)?.detail).toContain('3000 kbit/s')
    expect(server.publishes).toEqual([])
    expect(server.refused).toEqual([])
  })
})

describe('trying out what is not there', () => {
  async function listening(server: Server): Promise<number> {
    undo.push(() => server.close())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return address && typeof address === 'object' ? address.port : 0
  }

  it.each([
    ['a name that nobody knows', async () => 'rtmp://no-such-host.invalid/live', 'dns', 'OUTPUT_UNKNOWN_HOST'],
    ['a closed port', async () => `rtmp://127.0.0.1:${await freePort()}/live`, 'tcp', 'OUTPUT_UNREACHABLE'],
    [
      'a server without TLS',
      async () =>
        `rtmps://127.0.0.1:${await listening(createServer(socket => socket.write('not a word of TLS')))}/live`,
      'tls',
      'OUTPUT_TLS',
    ],
    [
      'a silent server',
      async () => `rtmp://127.0.0.1:${await listening(createServer(() => {}))}/live`,
      'handshake',
      'OUTPUT_UNREACHABLE',
    ],
    ['a folder that cannot be', async () => 'file:///etc/hostname/show.mkv', 'folder', 'OUTPUT_FILE'],
    ['a silent SRT port', async () => `srt://127.0.0.1:${await freePort()}`, 'handshake', 'OUTPUT_UNREACHABLE'],
  ])('%s is named', async (_, url, step, code) => {
    const { ok, steps } = await tried(await url())
    expect(ok).toBe(false)
    expect(steps.at(-1)).toMatchObject({ step, ok: false, code })
  })
})

it('an SRT server answers, and keeps waiting for the real stream', async () => {
  const port = await freePort()
  const listen = `srt://127.0.0.1:${port}?mode=listener`
  const child = spawnOwned('ffmpeg', ['-v', 'error', '-i', listen, '-f', 'null', '-'], { stdio: 'ignore' })
  undo.push(async () => {
    if (child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  const result = await until('it answers', async () => {
    const { steps, ok } = await tried(`srt://127.0.0.1:${port}`)
    return ok && steps
  })
  expect(result.map(({ step }) => step)).toEqual(['dns', 'handshake', 'key', 'uplink'])
  expect(child.exitCode).toBe(null)
})

it('a folder that can be written is left as it was', async () => {
  const folder = scratch('preflight')
  undo.push(() => folder.remove())
  const { ok, steps } = await tried(`file://${folder.path}/deep/show.mkv`)
  expect(ok).toBe(true)
  expect(steps[0]?.detail).toMatch(/GB are free/)
})

describe('behind a proxy', () => {
  async function proxy() {
    const made = new ConnectProxy('box', 'PROXY-PASSWORD')
    undo.push(() => made.stop())
    return { made, url: await made.start() }
  }

  async function through(url: string, given: { url: string; username?: string; password?: string }) {
    const result = await preflight({ url, streamKey: 'SECRET-KEY', proxy: given }, systemClock)
    expect(JSON.stringify(result)).not.toMatch(/SECRET-KEY|PROXY-PASSWORD/)
    return result.steps
  }

  it('every step goes through it', async () => {
    const server = await platform(['SECRET-KEY'])
    const { made, url } = await proxy()
    const steps = await through(server.url, { url, username: 'box', password: 'PROXY-PASSWORD' })
    expect(steps.map(({ step }) => step)).toEqual(['proxy', 'handshake', 'connect', 'key', 'uplink'])
    expect(steps.every(({ ok }) => ok)).toBe(true)
    expect(made.tunnels).toEqual([new URL(server.url).host])
  })

  it('a wrong password, and a server it does not reach, are its own step', async () => {
    const { made, url } = await proxy()
    const wrong = await through('rtmp://127.0.0.1:1/live', { url, username: 'box', password: 'PROXY-PASSWORD2' })
    expect(wrong).toMatchObject([{ step: 'proxy', ok: false, code: 'OUTPUT_PROXY' }])
    expect(made.refused).toBe(1)
    const [unreached] = await through('rtmp://127.0.0.1:1/live', { url, username: 'box', password: 'PROXY-PASSWORD' })
    expect(unreached).toMatchObject({ step: 'proxy', ok: false, code: 'OUTPUT_PROXY' })
    expect(unreached?.detail).toContain('502')
  })
})
