import { randomBytes } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { sleep } from '../../runtime/lib/clock.ts'
import { ApplianceProcess } from '../../test/peers/appliance.ts'
import { freePort, until } from '../../test/peers/run.ts'
import { openStudio } from '../../test/peers/studio/open.ts'
import { VirtualCamera } from '../../test/peers/virtual-camera.ts'
import { lookout, singleCameraShow } from './lookout.ts'
import { lowerThird } from './overlay.ts'
import { demoPlatform } from './platform.ts'
import { harbour, square } from './scenes.ts'

/**
 * `npm run demo`: virtual cameras, of which one turns, and a streaming platform on this machine, and the real appliance
 * between them, set up through its own API and on air. Everything is new at each start and gone at the end, except the log.
 */
const folder = resolve('data', 'demo')
const admin = { username: 'demo', password: randomBytes(9).toString('base64url') }
const cameraLogin = { username: 'viewer', password: 'demo-camera' }
const quit = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit.abort())

const say = (text: string) => console.log(`[demo] ${text}`)
const started: { stop(): Promise<unknown> }[] = []

try {
  await onAir()
  while (!quit.signal.aborted) await sleep(3_600_000, quit.signal)
} catch (error) {
  if (!quit.signal.aborted) {
    process.exitCode = 1
    say(error instanceof Error ? error.message : String(error))
  }
} finally {
  say('stopping')
  for (const part of started.reverse()) await part.stop().catch(error => say(String(error)))
  say('stopped')
}

async function onAir(): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  say('cameras (their scenes are drawn at the first start: half a minute)')
  const cameras = [
    { name: 'Harbour', peer: await starting(new VirtualCamera(await harbour(), cameraLogin)) },
    { name: 'Market square', peer: await starting(new VirtualCamera(await square(), cameraLogin)) },
  ]
  const turning = await lookout(cameraLogin)
  if (turning) await starting(turning)
  else say('no camera that turns: GStreamer is not installed (npm run setup names the packages)')
  say('streaming platform')
  const platform = await starting(demoPlatform(folder))
  say('reference Studio')
  const opened = await openStudio({
    ...{ folder: join(folder, 'studio'), port: await portOrAnother(7443), ports: {} },
  })
  started.push(opened)
  say('appliance')
  const log = createWriteStream(join(folder, 'appliance.log'))
  const appliance = await starting(
    new ApplianceProcess({
      data: join(folder, 'data'),
      port: await portOrAnother(Number(process.env.VISTTER_PORT ?? 8443)),
      env: {
        VISTTER_BIND: process.env.VISTTER_BIND ?? '127.0.0.1',
        NODE_EXTRA_CA_CERTS: join(folder, 'studio', 'ca.pem'),
      },
      heard: line => log.write(`${line}\n`),
    }),
  )
  const { api } = appliance
  await appliance.setUp('Old Harbour', admin)
  for (const { name, peer } of cameras) {
    say(`camera ${name}`)
    await api.post('/cameras', { name, url: peer.url, ...cameraLogin, audio: 'on' })
  }
  if (turning) {
    say('camera Lookout, its presets, and a show that goes round them')
    await singleCameraShow(api, turning, quit.signal)
  }
  say('overlay')
  await api.put('/overlays/welcome', lowerThird())
  await api.post('/overlays/welcome/play')
  say('destination')
  const destination = await api.post<{ id: string }>('/destinations', {
    name: 'Local platform',
    platform: 'rtmp',
    url: platform.url(),
    streamKey: platform.key,
  })
  await api.post(`/destinations/${destination.id}/start`)
  await api.post('/studio/pair', { url: opened.studio.url, code: opened.studio.issue() })
  const live = async () => {
    quit.signal.throwIfAborted()
    const { state } = await api.get<{ state: { status: string } }>(`/destinations/${destination.id}`)
    return state.status === 'live'
  }
  await until('the stream is live', live, { timeoutMs: 60_000, everyMs: 250 })
  const lines = [
    '',
    `  On air.    ${appliance.url}`,
    `  User       ${admin.username}`,
    `  Password   ${admin.password}`,
    '',
    `  The browser warns once: the certificate is the appliance's own.`,
    `  The flow that makes this show: ${appliance.url}/editor`,
    `  Studio: ${opened.studio.url}, user studio, password ${opened.desk.password}`,
    `  To watch what the platform gets: ${platform.watch()}`,
    `  Log: ${join(folder, 'appliance.log')}`,
    '',
    '  Ctrl-C ends everything.',
    '',
  ]
  console.log(lines.join('\n'))
}

/** Starts a part and remembers to stop it; nothing more is started once the user has had enough. */
async function starting<T extends { start(): Promise<void>; stop(): Promise<unknown> }>(part: T): Promise<T> {
  quit.signal.throwIfAborted()
  started.push(part)
  await part.start()
  return part
}

/** The wanted port, or a free one when someone listens there already. */
function portOrAnother(wanted: number): Promise<number> {
  return new Promise(done => {
    const trial = createServer()
    trial.once('error', () => {
      say(`port ${wanted} is in use here: taking another`)
      done(freePort())
    })
    trial.listen(wanted, '127.0.0.1', () => trial.close(() => done(wanted)))
  })
}
