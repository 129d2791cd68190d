import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { type Paths, preparePaths } from '../lib/paths.ts'
import { SESSION_COOKIE } from './access/access.ts'
import { People } from './access/people.ts'
import { SecretBox } from './access/secrets.ts'
import { Assets } from './assets/assets.ts'
import { buildId } from './build-id.ts'
import { type CameraBody, Cameras } from './cameras/cameras.ts'
import { type DestinationBody, Destinations } from './destinations/destinations.ts'
import { checkFileAddress } from './destinations/file-address.ts'
import { FlowHost } from './flow/flow-host.ts'
import { EventLog } from './health/event-log.ts'
import { Health } from './health/health.ts'
import { metrics } from './health/metrics.ts'
import { mayReadSignIns, type NewEvent } from './ports.ts'
import { Settings } from './settings/settings.ts'
import { Conductor } from './show/conductor.ts'
import { type DataBody, LiveData } from './show/data.ts'
import { EngineLink } from './show/engine-link.ts'
import { flowRequests } from './show/flow-requests.ts'
import { FlowNews } from './show/flow-state.ts'
import { Live } from './show/live.ts'
import { type OverlayBody, Overlays } from './show/overlays.ts'
import { Program } from './show/program.ts'
import { destinationWire, overlayReached } from './show/wires.ts'
import { Collection } from './store/collection.ts'
import { openStore } from './store/open.ts'
import { certificate } from './web/certificate.ts'
import { LiveFeed } from './web/live-feed.ts'
import { WebServer } from './web/server.ts'
import { sessionHandlers } from './web/session-handlers.ts'

export interface ApplianceOptions {
  paths: Paths
  bind: string
  /** 0 takes a free one. */
  port: number
  clock: Clock
  log: Log
  /** Checks the API's answers against its document: for tests. */
  checkAnswers?: boolean
}

/** Decisions: what is stored, wired and wanted becomes a plan; the engine follows the plan; people follow the engine. */
export class Appliance {
  private readonly ends: (() => unknown)[] = []
  private readonly options: ApplianceOptions

  constructor(options: ApplianceOptions) {
    this.options = options
  }

  /** Answers the port of the front door. When it throws, stop() undoes what had begun. */
  async start(): Promise<number> {
    const { paths, bind, port, clock, log, checkAnswers = false } = this.options
    preparePaths(paths)
    const store = await openStore(paths.database, clock)
    this.ends.push(() => store.close())
    const secrets = SecretBox.fromFile(paths.keyFile)
    await secrets.check(store)

    const events = new EventLog({ sql: store, clock, log, heard: event => feed.tell('event', event) })
    const record = (event: NewEvent) => events.record(event)
    const changed = async () => {
      await conductor.changed()
      touch()
    }
    const touch = () => {
      feed.touch()
      news.touch()
    }

    const settings = new Settings({ sql: store, clock, record, changed })
    await settings.load()
    const people = new People({ sql: store, clock, record, settings })
    const live = new Live(await new Collection<object>(store, 'live', secrets).load())
    const engine = new EngineLink(paths.engineSocket, {
      connected: () => void conductor.reconnected().then(touch),
      disconnected: touch,
      state: touch,
      event: event => events.record(event),
    })
    const cameras = new Cameras({
      shelf: await new Collection<CameraBody>(store, 'cameras', secrets).load(),
      probe: target => engine.probe(target),
      stateOf: id => engine.state?.sources.find(source => source.id === id),
      changed,
      record,
    })
    const destinations = new Destinations({
      shelf: await new Collection<DestinationBody>(store, 'destinations', secrets).load(),
      clock,
      stateOf: id => engine.state?.outputs.find(output => output.id === id),
      wired: destination => destinationWire(live.wiring, destination) !== undefined,
      checkFile: url => checkFileAddress(url, paths),
      programFps: () => settings.current.program.fps,
      changed,
      record,
    })
    const assets = new Assets({ folder: paths.assets, record, changed })
    const overlays = new Overlays({
      shelf: await new Collection<OverlayBody>(store, 'overlays', secrets).load(),
      clock,
      assets,
      wired: overlay => overlayReached(live.wiring, overlay),
      changed,
      record,
    })
    const data = new LiveData({ shelf: await new Collection<DataBody>(store, 'data', secrets).load(), clock, changed })
    const program = new Program({
      live,
      clock,
      cameras: () => cameras.list(),
      states: () => engine.state?.programs,
      refresh: () => engine.refresh(),
      changed,
      record,
    })
    const conductor = new Conductor({
      facts: () => ({
        settings: { ...settings.current, tokens: { ...settings.current.tokens, ...data.tokens() } },
        cameras: cameras.planned(),
        destinations: destinations.planned(),
        overlays: overlays.planned(),
        wiring: live.wiring,
        takes: live.takes,
      }),
      engine,
      log,
    })
    const health = new Health({
      clock,
      build: buildId(),
      engine: () => ({ connected: engine.connected, state: engine.state }),
      flowHost: () => flow.state(),
    })
    const operations = Object.assign(
      {},
      ...[people, settings, cameras, destinations, overlays, data, program, events, health].map(p => p.operations()),
    )
    const flow = new FlowHost({
      paths,
      log,
      credentialSecret: secrets.derive('node-red'),
      wiringChanged: wiring => {
        health.sawWiring()
        void live.setWiring(wiring).then(changed)
      },
      event: record,
      requests: flowRequests({
        operations,
        cameras: () => cameras.list(),
        destinations: () => destinations.list(),
      }),
    })
    const views = () => ({
      engine: engine.state,
      cameras: cameras.list(),
      destinations: destinations.list(),
      overlays: overlays.list(),
    })
    const news = new FlowNews(views, state => flow.publish(state))
    const feed = new LiveFeed(() => [
      { event: 'settings', id: 'settings', data: settings.current },
      ...cameras.list().map(data => ({ event: 'camera' as const, id: data.id, data })),
      ...destinations.list().map(data => ({ event: 'destination' as const, id: data.id, data })),
      ...program.list().map(data => ({ event: 'program' as const, id: data.id, data })),
    ])
    const web = new WebServer({
      bind,
      port,
      keyPair: await certificate(paths.tls, clock),
      log,
      gate: people.gate,
      operations,
      handlers: sessionHandlers({ cookie: SESSION_COOKIE, lasts: people.sessionLasts, ...people }),
      feed,
      mayHear: (role, event, data) =>
        event !== 'event' || mayReadSignIns(role) || !('type' in data && String(data.type).startsWith('auth.')),
      mediaSocket: paths.engineMediaSocket,
      flow,
      health,
      metrics: () => metrics({ build: buildId(), engine: engine.state, flowHostRestarts: flow.state().restarts }),
      isSetUp: people.isSetUp,
      checkAnswers,
    })

    for (const part of [conductor, feed, news]) this.ends.push(() => part.stop())
    for (const part of [assets, overlays, data, engine, flow, web]) {
      this.ends.push(() => ('stop' in part ? part.stop() : undefined))
      await part.start()
    }
    log.info({ port: web.port, build: buildId() }, 'control is ready')
    return web.port
  }

  /** Undoes everything that start() did, in the reverse order. */
  async stop(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end()
  }
}
