import { openStore } from '../../../runtime/control/store/open.ts'
import { type LastingKind, Outbox } from '../../../runtime/control/studio/outbox.ts'
import { systemClock } from '../../../runtime/lib/clock.ts'

/** A day of a lively box that nobody hears: how often each is told (ms). */
export const DAY = 86_400_000
const EVERY = { proof: 10_000, event: 30_000, ack: 120_000, telemetry: 10_000, summary: 300_000 }

/** As they are told while the line is there; what they are like in size. */
export const TELLINGS: Record<LastingKind, (n: number) => { type: string; data: object }> = {
  proof: n => ({
    type: 'vistter.proof',
    data: {
      ...{
        id: n,
        kind: 'overlay',
        program: 'main',
        overlay: 'spots',
        cue: `c${n % 40}`,
        source: null,
        asset: `spot${n % 40}`,
      },
      ...{
        name: 'Spots of the day',
        version: '3',
        sha256: 'a'.repeat(64),
        advertisers: ['Bay Cafe'],
        tags: ['advertiser:Bay Cafe'],
      },
      ...{
        frames: 300,
        ended: true,
        destinations: [{ id: '01J8', name: 'Channel', platform: 'youtube' }],
        overrides: [],
      },
      ...{ timelines: [{ id: 'day', name: 'Day' }], segment: null, picture: 'b'.repeat(64), hash: 'c'.repeat(64) },
    },
  }),
  event: n => ({
    type: 'vistter.event.camera.offline',
    data: {
      severity: 'warning',
      message: `Camera ${n % 7} does not answer.`,
      details: { event: `E${n}`, camera: `01CAM${n % 7}` },
    },
  }),
  ack: n => ({
    type: 'vistter.ack',
    data: { command: `C${n}`, status: 'done', at: new Date(n).toISOString(), metrics: { ms: 12 } },
  }),
}
const TELEMETRY = {
  program: {
    id: 'main',
    source: '01CAM1',
    sourceName: 'Quay',
    overlays: ['spots'],
    override: null,
    fallback: null,
    frames: {},
  },
  outputs: [
    { id: '01OUT', name: 'Channel', platform: 'youtube', status: 'live', videoBitrate: 4_500, queueSeconds: 0.2 },
  ],
  cameras: Array.from({ length: 6 }, (_, n) => ({
    id: `01CAM${n}`,
    name: `Camera ${n}`,
    status: 'online',
    moving: false,
  })),
  health: { status: 'ok', load: [1, 1, 1], memory: { total: 8e9, free: 4e9 }, uptime: 80_000, cpus: 4 },
}

/** Into the outbox of a box that does not run. Answers the time of each number that it gave. */
export async function fill(file: string, from: number): Promise<Map<number, string>> {
  const store = await openStore(file, systemClock)
  const outbox = await new Outbox({ sql: store, clock: systemClock, added: () => {} }).load()
  const before =
    (await store.get<{ last: number }>('SELECT coalesce(max(seq), 0) AS last FROM studio_outbox'))?.last ?? 0
  const moments = (['proof', 'event', 'ack'] as const).flatMap(kind =>
    Array.from({ length: DAY / EVERY[kind] }, (_, n) => ({ kind, n, time: from + n * EVERY[kind] })),
  )
  for (const [time, page] of Map.groupBy(moments, ({ time }) => Math.floor((time - from) / 3_600_000))) {
    await store.transaction(async sql => {
      for (const [kind, some] of Map.groupBy(page, ({ kind }) => kind))
        await outbox.put(
          sql,
          kind,
          some.map(({ n, time }) => ({ ...TELLINGS[kind](n), time })),
        )
    })
    const samples = (['telemetry', 'summary'] as const).flatMap(type =>
      Array.from({ length: 3_600_000 / EVERY[type] }, (_, n) => ({
        type,
        time: from + time * 3_600_000 + n * EVERY[type],
      })),
    )
    for (const { type, time } of samples) await outbox.sample({ type: `vistter.${type}`, time, data: TELEMETRY })
  }
  const rows = await store.all<{ seq: number; time: number }>(
    'SELECT seq, time FROM studio_outbox WHERE seq > ?',
    before,
  )
  await store.close()
  return new Map(rows.map(({ seq, time }) => [seq, new Date(time).toISOString()]))
}
