import { VistterError } from '../contract/errors.ts'
import type { DesiredState, PictureRequest } from '../contract/generated/engine.v1.ts'
import schema from '../contract/schemas/engine.v1.json' with { type: 'json' }
import { problemText, validator } from '../contract/validate.ts'
import { childEvent, children } from '../lib/children.ts'
import { systemClock } from '../lib/clock.ts'
import { Coalesced } from '../lib/coalesced.ts'
import { createLog } from '../lib/log.ts'
import { pathsFor, preparePaths } from '../lib/paths.ts'
import { onSignals } from '../lib/process.ts'
import { RpcServer } from '../lib/rpc.ts'
import { Engine } from './engine.ts'
import { levelOf, type Report } from './events.ts'
import { type ProbeTarget, probe } from './ingest/probe.ts'
import { MediaServer } from './outputs/media.ts'
import { type PreflightTarget, preflight } from './outputs/preflight.ts'
import { Pictures } from './picture/pictures.ts'
import { cpuMeter } from './readiness/load.ts'
import { Unheard } from './unheard.ts'

/** The engine as a process: it serves its socket and knows nothing of who commands it. */
const paths = pathsFor(process.env.VISTTER_DATA ?? './data')
const log = createLog('engine', process.env.VISTTER_LOG_LEVEL)
preparePaths(paths)

const unheard = new Unheard()
let listeners = 0

const report: Report = happened => {
  const event = { time: systemClock.now(), ...happened }
  log[levelOf(event)]({ type: event.type, data: event.data }, event.message)
  if (listeners > 0) rpc.broadcast('event', event)
  else unheard.add(event)
}
children.listen((what, news) => report(childEvent(what, news)))
children.self('engine', process.env)

const engine = new Engine({
  clock: systemClock,
  log,
  event: report,
  changed: () => state.touch(),
  speedFile: paths.speed,
  hardwareFile: paths.hardware,
  folder: paths.data,
  evidence: paths.evidence,
  meter: cpuMeter(systemClock, () => children.list()),
})
/** At most four state messages a second; the last one always goes out. */
const state = new Coalesced(250, () => rpc.broadcast('state', engine.state()))

const checkDesired = validator<DesiredState>({ $ref: '#/$defs/DesiredState', $defs: schema.$defs })

const checkPicture = validator<PictureRequest>({ $ref: '#/$defs/PictureRequest', $defs: schema.$defs })
const pictures = new Pictures({ clock: systemClock, log })

const rpc = new RpcServer(paths.engineSocket, client => {
  listeners++
  client.onClose(() => listeners--)
  client.onRequest('apply', (desired: unknown) => {
    const checked = checkDesired(desired)
    if (!checked.ok) throw new VistterError('BAD_REQUEST', problemText(checked.problems))
    return engine.apply(checked.value)
  })
  client.onRequest('status', () => engine.state())
  client.onRequest('picture', async (request: unknown) => {
    const checked = checkPicture(request)
    if (!checked.ok) throw new VistterError('BAD_REQUEST', problemText(checked.problems))
    return pictures.answer(checked.value)
  })
  client.onRequest('stillness', ({ source }: { source: string }) => engine.sources.stillness.ask(source))
  client.onRequest('probe', (target: ProbeTarget) => probe(target))
  client.onRequest('preflight', (target: PreflightTarget) => preflight(target, systemClock))
  client.onNotification('listening', () => {
    // It may be gone again already.
    for (const event of unheard.take(systemClock.now())) client.sendNotification('event', event).catch(() => {})
  })
})
const media = new MediaServer(paths.engineMediaSocket, {
  relayFor: program => engine.preview.relayFor(program),
  jpeg: source => engine.sources.jpeg(source),
  grey: source => engine.sources.grey(source),
  watch: source => engine.auto.watch(source),
  recordings: paths.recordings,
  log,
})

engine.start()
await media.start()
await rpc.start()
log.info({ pid: process.pid }, 'engine is ready')

onSignals(log, async () => {
  state.stop()
  await rpc.stop()
  await media.stop()
  await pictures.stop()
  await engine.stop()
})
