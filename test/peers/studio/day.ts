import type { LastingKind } from '../../../runtime/control/studio/outbox.ts'

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
