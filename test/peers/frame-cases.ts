import { Cells } from './cells.ts'

/** What documents say of frames: cues of each kind, each in a cell of its own, with the frames that show them. */
export const cells = new Cells(640, 360)
/** ms */
export const FRAME = 1_000 / 30

export const white = { shape: { type: 'rectangle', color: '#ffffff' } }
export const cue = (cell: number, start: unknown, duration: unknown, more: object = white, grid = cells) => ({
  ...{ id: `c${cell}-${start}`, start, duration, layer: 0, unsafe: true, properties: grid.whole(cell), ...more },
})
export const coming = (type: string, direction = 'right') => ({
  ...{ ...white, transition: { in: { type, duration: '10f', direction } } },
})
const going = (type: string, direction = 'right') => ({
  ...{ ...white, transition: { out: { type, duration: '10f', direction } } },
})
const moved = (property: string, from: unknown, to: unknown, easing = 'linear') => ({
  ...white,
  automation: [
    {
      property,
      keyframes: [
        { at: 't+0f', value: from, easing },
        { at: 't+10f', value: to },
      ],
    },
  ],
})
const waiting = (sync: object) => ({ ...white, sync })

/** The first frame that is not before a moment of the play; `lag`: the moment of frame 0. */
export const due = (ms: number, frame = FRAME, lag = 0) => Math.ceil((ms - lag) / frame - 1e-3)

/** The share of the way to white in each frame. */
type Course = (frame: number) => number
const rises =
  (from: number): Course =>
  frame =>
    Math.min(1, Math.max(0, (frame - from) / 10))
const falls =
  (from: number): Course =>
  frame =>
    1 - rises(from)(frame)

interface Case {
  what: string
  cue: ReturnType<typeof cue>
  /** [first, end) */
  on: [from: number, to: number] | undefined
  course?: Course
}

export const CASES: Case[] = [
  { what: 'a cut', cue: cue(1, 't+15f', '15f'), on: [15, 30] },
  {
    what: 'milliseconds that are no frame',
    cue: cue(2, 1_010, '490ms'),
    on: [due(1_010), due(1_500)],
  },
  {
    what: 'a time of the clock',
    cue: cue(3, '00:00:01.033', '1s'),
    on: [due(1_033), due(2_033)],
  },
  {
    what: 'words',
    cue: cue(4, 't+40f', '7f', { text: { value: 'Pier', size: 20, background: '#ffffff' } }),
    on: [40, 47],
  },
  { what: 'an image', cue: cue(5, 't+41f', '13f', { assetRef: 'white' }), on: [41, 54] },
  { what: 'a QR code', cue: cue(6, 't+43f', '10f', { qr: { value: 'https://vistter.com' } }), on: [43, 53] },
  {
    what: 'one frame of a gradient',
    cue: cue(7, 't+44f', '1f', {
      shape: {
        type: 'rectangle',
        gradient: {
          angle: 0,
          stops: [
            { at: 0, color: '#ffffff' },
            { at: 1, color: '#808080' },
          ],
        },
      },
    }),
    on: [44, 45],
  },
  {
    what: 'two of an ellipse',
    cue: cue(8, 't+45f', '2f', { shape: { type: 'ellipse', color: '#ffffff' } }),
    on: [45, 47],
  },
  { what: 'a fade in', cue: cue(9, 't+50f', '30f', coming('fade')), on: [51, 80], course: rises(50) },
  { what: 'a fade out', cue: cue(10, 't+50f', '30f', going('fade')), on: [50, 80], course: falls(70) },
  { what: 'a wipe in', cue: cue(11, 't+50f', '30f', coming('wipe')), on: [51, 80], course: rises(50) },
  { what: 'a wipe out', cue: cue(12, 't+50f', '30f', going('wipe', 'up')), on: [50, 80], course: falls(70) },
  { what: 'a slide in', cue: cue(16, 't+50f', '30f', coming('slide')), on: [51, 80], course: rises(50) },
  { what: 'a slide out', cue: cue(31, 't+50f', '30f', going('slide')), on: [50, 80], course: falls(70) },
  {
    what: 'a scale in',
    cue: cue(13, 't+50f', '30f', coming('scale')),
    on: [51, 80],
    course: frame => rises(50)(frame) ** 2,
  },
  { what: 'opacity that moves', cue: cue(14, 't+50f', '30f', moved('opacity', 0, 1)), on: [51, 80], course: rises(50) },
  {
    what: 'opacity that is held',
    cue: cue(15, 't+50f', '30f', moved('opacity', 0, 1, 'hold')),
    on: [60, 80],
  },
  { what: 'a crop', cue: cue(17, 't+50f', '30f', moved('crop.right', 0, 1)), on: [50, 60], course: falls(50) },
  {
    what: 'slides',
    cue: cue(18, 't+50f', '30f', {
      slides: { items: [{ assetRef: 'white' }, { assetRef: 'grey' }], every: '10f', loop: true },
    }),
    on: [50, 80],
    course: frame => (frame >= 60 && frame < 70 ? (126 - 16) / 219 : 1),
  },
  {
    what: 'a file that moves',
    cue: cue(19, 't+50f', '12f', { assetRef: 'blinks' }),
    on: [50, 62],
    course: frame => (Math.floor((frame - 50) / 3) % 2 === 0 ? 1 : (126 - 16) / 219),
  },
  {
    what: 'what waits for a camera',
    cue: cue(21, 't+30f', '10f', waiting({ awaitPreset: 'Pier', timeout: '5s' })),
    on: [due(1_110), due(1_110 + 10 * FRAME)],
  },
  {
    what: 'what waited long enough',
    cue: cue(22, 't+30f', '5f', waiting({ awaitMilestone: 'never', timeout: '500ms', otherwise: 'play' })),
    on: [45, 50],
  },
  {
    what: 'what is skipped',
    cue: cue(23, 't+30f', '5f', waiting({ awaitMilestone: 'never', timeout: '500ms', otherwise: 'skip' })),
    on: undefined,
  },
]
