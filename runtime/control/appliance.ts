import { join } from 'node:path'
import { childEvent, children } from '../lib/children.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { type Paths, preparePaths } from '../lib/paths.ts'
import { People } from './access/people.ts'
import { SecretBox } from './access/secrets.ts'
import { Assets } from './assets/assets.ts'
import { assetSettings } from './assets/settings.ts'
import { type SoundBody, Sounds } from './assets/sounds.ts'
import { buildId } from './build-id.ts'
import { CameraWork } from './cameras/camera-work.ts'
import { OnAir } from './cameras/ptz/on-air.ts'
import { Destinations } from './destinations/destinations.ts'
import { FlowHost } from './flow/flow-host.ts'
import { EventLog } from './health/event-log.ts'
import { Health } from './health/health.ts'
import type { NewEvent, Operations } from './ports.ts'
import { Proof } from './proof/proof.ts'
import type { RecordingBody } from './recordings/recording.ts'
import { Recordings } from './recordings/recordings.ts'
import { Storage } from './recordings/storage.ts'
import { Uploads } from './recordings/upload/uploads.ts'
import { Segments } from './segments/segments.ts'
import { Settings } from './settings/settings.ts'
import { KeptClock } from './show/kept-clock.ts'
import { MakeGoods } from './show/make-goods.ts'
import { Show } from './show/show.ts'
import { Collection, type Table } from './store/collection.ts'
import { Database } from './store/database.ts'
import { openStore } from './store/open.ts'
import type { StudioWork } from './studio/studio-work.ts'
import { studioSide } from './studio-side.ts'
import { certificate } from './web/certificate.ts'
import { LiveFeed } from './web/live-feed.ts'
import { WebServer } from './web/server.ts'

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

/** Decisions: what is stored, wired and wanted becomes a plan; the engine follows the plan, and people follow the engine. */
export class Appliance {
  private readonly ends: (() => unknown)[] = []
  private readonly options: ApplianceOptions

  constructor(options: ApplianceOptions) {
    this.options = options
  }

  /** Answers the port of the front door. When it throws, stop() undoes what had begun. */
  async start(): Promise<number> {
    const { paths, bind, port, clock, log, checkAnswers = false } = this.options
    const build = buildId()
    preparePaths(paths)

    const store = await openStore(paths.database, clock)
    this.ends.push(() => store.close())
    const reads = await Database.reader(paths.database)
    this.ends.push(() => reads.close())
    const secrets = SecretBox.fromFile(paths.keyFile)
    await secrets.check(store)
    const house = await KeptClock.load({ sql: store, clock, log })
    this.ends.push(() => house.stop())
    const shelf = <Body>(table: Table) => new Collection<Body>(store, table, secrets).load()

    const events = new EventLog({
      ...{ sql: store, clock, log, written: () => studio.news() },
      heard: event => feed.tell('event', event),
    })
    const record = (event: NewEvent) => events.record(event)
    const changed = () => show.changed()

    const settings = new Settings({ sql: store, secrets: await shelf('settings_secrets'), clock, record, changed })
    await settings.load()
    const people = new People({ sql: store, clock, record, settings })
    const assets = new Assets({
      folder: join(paths.assets, 'overlays'),
      files: await shelf('asset_files'),
      manifest: await shelf('asset_manifest'),
      clock,
      settings: () => assetSettings(settings),
      overlays: () => show.documents(),
      needed: () => segments.needed(),
      packages: { holds: sha256 => segments.holds(sha256), restore: sha256 => segments.restore(sha256) },
      changed,
      record,
    })
    const onAir = new OnAir(() => show.program.list(), clock)
    const feedsOf = (camera: string) => destinations.showing(camera).map(name => `the feed of ${name}`)
    const seen = (camera: string) => onAir.has(camera) || show.program.isPromised(camera) || feedsOf(camera).length > 0
    const work: CameraWork = new CameraWork({
      shelves: { cameras: await shelf('cameras'), presets: await shelf('presets') },
      pictures: { folder: paths.presets, socket: paths.engineMediaSocket },
      engine: {
        probe: target => show.engine.probe(target),
        stillness: id => show.engine.stillness(id),
        sourceState: id => show.engine.state?.sources.find(source => source.id === id),
      },
      flow: { drivers: () => show.drivers, drive: ask => flow.drive(ask) },
      settings: () => settings.current,
      seen,
      returned: id => destinations.returned(id),
      clock,
      changed,
      touched: () => show.touch(),
      record,
    })
    const { cameras, heads, presets } = work
    const destinations = new Destinations({
      shelf: await shelf('destinations'),
      clock,
      stateOf: id => show.engine.state?.outputs.find(output => output.id === id),
      encoderOf: id => show.engine.state?.encoders.find(encoder => encoder.id === id),
      preflight: target => show.engine.preflight({ ...target, ...(settings.proxy && { proxy: settings.proxy }) }),
      wired: destination => show.reach.reaches(destination),
      heldBy: destination => show.reach.heldBy(destination),
      admit: destination => show.reach.admit(destination),
      folders: paths,
      programFps: () => settings.current.program.fps,
      aim: { ...work.aim, onAir: camera => onAir.has(camera) },
      changed,
      record,
    })
    const recordings = new Recordings({
      shelf: await shelf<RecordingBody>('recordings'),
      clock,
      folder: paths.recordings,
      stateOf: id => show.engine.state?.recordings?.find(recording => recording.id === id),
      wired: program => show.reach.records(program),
      admit: program => show.reach.admitRecording(program),
      settings: () => settings.current.recordings,
      uploads: {
        of: one => uploads.of(one),
        isUploaded: id => uploads.isUploaded(id),
        forget: id => uploads.forget(id),
      },
      changed,
      record,
    })
    const sounds = new Sounds({
      shelf: await shelf<SoundBody>('sounds'),
      folder: paths.assets,
      clock,
      used: sound => show.reach.plays(sound),
      changed,
      record,
    })
    const uploads: Uploads = new Uploads({
      sql: store,
      clock,
      log,
      settings: () => ({ target: settings.upload, proxy: settings.proxy, timezone: settings.current.timezone }),
      finished: () => recordings.finished(),
      discard: id => recordings.discard(id),
      record,
      touched: () => feed.touch(),
    })
    const storage = new Storage({ folder: paths.recordings, record, log, tidy: () => recordings.tidy() })
    const makeGoods = new MakeGoods({ sql: store, log })
    this.ends.push(() => makeGoods.stop())
    const show: Show = new Show({
      engineSocket: paths.engineSocket,
      shelves: {
        live: await shelf('live'),
        overlays: await shelf('overlays'),
        data: await shelf('data'),
        timelines: await shelf('timelines'),
        schedules: await shelf('schedules'),
        campaigns: await shelf('campaigns'),
      },
      assets,
      settings,
      cameras,
      presets,
      turning: work.turning,
      stills: work.pictures,
      viewers: { seenIn: id => [...onAir.where(id), ...feedsOf(id)], seen },
      destinations,
      recordings,
      sounds,
      ...{ clock, house, log, sql: store, reads },
      record,
      heard: event => void (proof.heard(event) || events.record(event)),
      proof: () => proof,
      queue: () => segments.queue.forFlow(),
      makeGoods,
      touched: () => {
        onAir.note()
        proof.note()
        studio.touch()
        feed.touch()
      },
      studio: () => studio.glimpse(),
      publish: state => flow.publish(state),
      offer: offer => flow.offer(offer),
    })
    const proof = new Proof({
      ...{ sql: store, reads, clock, log, key: secrets.derive('proof of play'), pictures: paths.evidence },
      show: {
        touch: () => show.touch(),
        scene: () => show.scene(),
        program: show.program,
        segmentOf: id => segments.ofOverlay(id),
      },
    })
    const segments: Segments = new Segments({
      ...{ clock, time: house.time, cameras, assets, record, operations: () => operations },
      ...{ shelf: await shelf('segments'), queue: await shelf('segment_queue') },
      touched: () => show.touch(),
      folder: paths.segments,
      settings: () => settings.current.segments,
    })
    const health = new Health({
      clock,
      build,
      engine: show.engine,
      flowHost: () => flow.state(),
      children: () => children.list(),
    })
    const studio: StudioWork = studioSide({
      ...{ sql: store, shelf: await shelf('studio'), clock, log, record, build },
      ...{ settings, cameras, presets, assets, segments, show, journals: { events, proof } },
      ...{ operations: () => operations, flow: () => flow },
    })
    const parts: { operations(): Operations }[] = [
      ...[people, settings, work, destinations, recordings, assets],
      ...[sounds, show, makeGoods, segments, proof, events, health, studio],
    ]
    const operations: Operations = Object.assign({}, ...parts.map(part => part.operations()))
    const flow: FlowHost = new FlowHost({
      paths,
      log,
      credentialSecret: secrets.derive('node-red'),
      wiringChanged: wiring => {
        health.sawWiring()
        const kept = show.setWiring(wiring).then(() => heads.sync())
        kept.catch(error => log.error({ err: error }, 'the wiring was not kept'))
      },
      ready: () => heads.flowReturned(),
      event: record,
      left: () => studio.flowLeft(),
      requests: { ...show.requests(operations), ...studio.requests() },
      passed: offer => show.cues.passed(offer),
    })
    const feed = new LiveFeed({
      settings: () => [settings.current],
      camera: () => cameras.list(),
      presets: () => presets.revisions(),
      destination: () => destinations.list(),
      recording: () => recordings.list(),
      files: () => [assets.room.state()],
      ...segments.followed(),
      studio: () => [studio.state()],
      ...show.followed(),
    })
    this.ends.push(children.listen((what, news) => record(childEvent(what, news))))
    children.self('control', process.env)
    const web = new WebServer({
      bind,
      port,
      keyPair: await certificate(paths.tls, clock),
      log,
      people,
      operations,
      feed,
      mediaSocket: paths.engineMediaSocket,
      incoming: segments.incoming,
      presetPicture: preset => work.pictures.file(preset),
      proofPicture: sha256 => proof.pictures.file(sha256),
      flow,
      health,
      checkAnswers,
    })

    this.ends.push(() => feed.stop())
    for (const part of [proof, assets, uploads, work, show, segments, destinations, flow, studio, web, storage]) {
      this.ends.push(() => part.stop())
      await part.start()
    }
    log.info({ port: web.port, build }, 'control is ready')
    return web.port
  }

  /** Undoes everything that start() did, in the reverse order. */
  async stop(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end()
  }
}
