import { join } from 'node:path'
import { vi } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { Campaign, NewCampaign, SpotMakeGood } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Sql } from '../../runtime/control/ports.ts'
import { Proof } from '../../runtime/control/proof/proof.ts'
import { Ads } from '../../runtime/control/show/ads/ads.ts'
import { breaksIn } from '../../runtime/control/show/ads/ahead.ts'
import type { CampaignBody } from '../../runtime/control/show/ads/campaigns.ts'
import { coursesIn } from '../../runtime/control/show/ads/courses.ts'
import type { TimelineBody } from '../../runtime/control/show/timeline/run.ts'
import type { Database } from '../../runtime/control/store/database.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { clock, ShowStage } from './show-stage.ts'

const anna = { kind: 'user', name: 'anna', role: 'operator' } as const
const log = createLog('test', 'silent')
/** ms of a frame. */
const FRAME = 40

/** Ad slots on real timelines, counted by the real proof, in virtual time; what the engine would have on air is told as it tells it. */
export class AdStage {
  show: ShowStage
  ads: Ads
  proof: Proof
  /** Whether viewers see what is played at a moment. */
  onAir = (_overlay: string, _at: number): boolean => true
  /** Resolves once the files of a spot are here. */
  files = async () => {}
  /** Spots that were taken off: which, when it was over, and when. */
  readonly ended: string[] = []
  private readonly campaigns = memoryShelf<CampaignBody>()
  private readonly live = memoryShelf<object>()
  private readonly timelines = memoryShelf<TimelineBody>()
  private readonly store: Database
  private pending = 0

  static async open(folder: string): Promise<AdStage> {
    return new AdStage(await openStore(join(folder, `${Date.now()}-${Math.random()}.db`), systemClock))
  }

  private constructor(store: Database) {
    this.store = store
    ;({ show: this.show, ads: this.ads, proof: this.proof } = this.begin())
  }

  async close(): Promise<void> {
    this.show.timelines.stop()
    await this.proof.stop()
    await this.store.close()
  }

  /** As a new life of control, which knows what is stored. */
  async restart(awayMs: number): Promise<void> {
    this.show.timelines.stop()
    await this.idle()
    await this.pass(awayMs)
    ;({ show: this.show, ads: this.ads, proof: this.proof } = this.begin())
    this.show.timelines.start()
  }

  /** Lets so much time pass, from timer to timer; what a disk does takes none of it. */
  async pass(ms: number): Promise<void> {
    const end = Date.now() + ms
    await this.idle()
    const beacon = setTimeout(() => {}, ms)
    while (Date.now() < end) {
      await vi.advanceTimersToNextTimerAsync()
      await this.idle()
    }
    clearTimeout(beacon)
  }

  book(campaign: NewCampaign): Promise<Campaign> {
    return this.ask('addCampaign', campaign)
  }

  today(): Promise<Campaign[]> {
    return this.ask('listCampaigns')
  }

  makeGoods(): Promise<SpotMakeGood[]> {
    return this.ask('listSpotMakeGoods')
  }

  async ask<T>(operation: string, body?: object, id = '', query: object = {}): Promise<T> {
    const operations = { ...this.ads.operations(), ...this.proof.operations() }
    const call = { params: { id }, query: { ...query }, body, actor: anna }
    return (await operations[operation]?.(call)) as T
  }

  private begin() {
    const show = new ShowStage(this.live, ['main'], this.timelines)
    const since = Date.now()
    const youtube = { program: 'main', since, id: 'd', name: 'YouTube', platform: 'youtube' }
    const present = { destinations: [youtube], overrides: [], timelines: [] }
    const proof = new Proof({
      ...{ sql: this.counted(), clock, log, key: 'k', pictures: '/nowhere' },
      show: { touch: () => {}, scene: () => ({ documents: [], present, heard: true }), program: { nameIn: () => '' } },
    })
    const ads = new Ads({
      ...{ shelf: this.campaigns, clock, time: clock, log, proof, record: () => {} },
      site: () => ({ timezone: 'Europe/Berlin' }),
      overlays: {
        has: id => id !== 'missing',
        lengthOf: () => undefined,
        play: async (id, { at = '', endsAt, leg }) => {
          await this.files()
          if (!leg.aborted) this.air(id, Date.parse(at), endsAt)
        },
        end: async (id, endsAt) => void this.ended.push(`${id} ${endsAt} at ${Date.now()}`),
      },
      ahead: (from, to) =>
        breaksIn(coursesIn({ runs: show.live.runs, calendar: [] }, from, to), id => this.timelines.find(id)?.body),
    })
    show.breaks = ads.breaks
    return { show, ads, proof }
  }

  /** The engine goes on without control, and tells when somebody listens. */
  private air(overlay: string, at: number, endsAt: number): void {
    if (overlay === 'broken') throw new VistterError('NOT_WIRED', 'No wire leads from it.')
    if (!this.onAir(overlay, at)) return
    const frames = Math.round((endsAt - at) / FRAME)
    const data = { program: 'main', overlay, cue: 'c', firstAt: at, lastAt: endsAt - FRAME, frames, ended: true }
    setTimeout(() => this.proof.heard({ type: 'overlay.aired', data }), endsAt - Date.now())
  }

  private async idle(): Promise<void> {
    for (let quiet = 0; quiet < 4; quiet = this.pending > 0 ? 0 : quiet + 1)
      await new Promise(resolve => setImmediate(resolve))
  }

  /** The store, and how much it has to do. */
  private counted(): Sql {
    const counting = <T>(work: Promise<T>): Promise<T> => {
      this.pending++
      return work.finally(() => this.pending--)
    }
    const { store } = this
    return {
      all: (sql, ...values) => counting(store.all(sql, ...values)),
      get: (sql, ...values) => counting(store.get(sql, ...values)),
      run: (sql, ...values) => counting(store.run(sql, ...values)),
      transaction: work => counting(store.transaction(work)),
    }
  }
}
