import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { encodedTags } from '../peers/flv-tags.ts'
import { certificate, feed, output, platform, strike } from '../peers/output-stage.ts'
import { freePort, until } from '../peers/run.ts'

afterEach(strike)

describe('a destination that cannot be', () => {
  const relay = new Relay()
  const hosts: Server[] = []

  afterAll(() => {
    for (const host of hosts) host.close()
  })

  async function failing(url: string, key: string | undefined = 'SECRET-KEY') {
    const { output: out, events } = output(url, key, relay)
    const error = await until('an error', () => out.state().error, { timeoutMs: 15_000 })
    expect(JSON.stringify(out.state())).not.toContain('SECRET-KEY')
    expect(events).toEqual(['output.refused'])
    return { error, status: out.state().status }
  }

  async function listening(server: Server): Promise<number> {
    hosts.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return address && typeof address === 'object' ? address.port : 0
  }

  it('because the key is wrong', async () => {
    const server = await platform(['right'])
    expect(await failing(server.url)).toMatchObject({ error: { code: 'OUTPUT_REFUSED' }, status: 'reconnecting' })
    await until('tried again by itself', () => server.refused.length > 1)
    expect(server.connections).toBe(0)
  })

  it('because the key is in use, until it is free', async () => {
    const server = await platform()
    const live = new Relay()
    feed(await encodedTags(1), 1, live)
    const first = output(server.url, 'SECRET-KEY', live)
    await first.becomes('live')
    expect((await failing(server.url)).error.code).toBe('OUTPUT_KEY_IN_USE')
    expect(first.output.state()).toMatchObject({ status: 'live', connects: 1 })
  })

  it('because the application does not exist', async () => {
    const server = await platform()
    expect((await failing(server.url.replace(/live$/, 'nothing'))).error.code).toBe('OUTPUT_REFUSED')
  })

  it('because nothing listens', async () => {
    const { error } = await failing(`rtmp://127.0.0.1:${await freePort()}/live`)
    expect(error).toMatchObject({ code: 'OUTPUT_UNREACHABLE', detail: '127.0.0.1 refused the connection.' })
  })

  it('because nobody knows the name', async () => {
    expect((await failing('rtmp://no-such-host.invalid/live')).error.code).toBe('OUTPUT_UNKNOWN_HOST')
  })

  it('because the server never answers the handshake, found out in five seconds', async () => {
    const port = await listening(createServer(() => {}))
    const began = systemClock.mono()
    const { error } = await failing(`rtmp://127.0.0.1:${port}/live`)
    expect(error.code).toBe('OUTPUT_UNREACHABLE')
    expect(systemClock.mono() - began).toBeLessThan(7_000)
  })

  it('because it is a web server', async () => {
    const port = await listening(
      createServer(socket => {
        socket.on('error', () => {})
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      }),
    )
    expect((await failing(`rtmp://127.0.0.1:${port}/live`)).error.code).toBe('OUTPUT_UNREACHABLE')
  })

  it('because its certificate is signed by nobody we trust', async () => {
    const port = await listening(createTlsServer(await certificate(), socket => socket.on('error', () => {})))
    const { error } = await failing(`rtmps://localhost:${port}/live`)
    expect(error.code).toBe('OUTPUT_TLS')
    expect(error.detail).toContain('SELF_SIGNED')
  })

  it('because its address is of another protocol, which no retry mends', async () => {
    expect(await failing('http://127.0.0.1/live')).toMatchObject({
      error: { code: 'OUTPUT_UNSUPPORTED' },
      status: 'failed',
    })
  })

  it('is left within a second when it is no longer wanted', async () => {
    const port = await listening(createServer(() => {}))
    const { output: out } = output(`rtmp://127.0.0.1:${port}/live`, 'k', relay)
    const began = systemClock.mono()
    await out.stop()
    expect(systemClock.mono() - began).toBeLessThan(1_000)
    expect(out.state().status).toBe('idle')
  })
})
