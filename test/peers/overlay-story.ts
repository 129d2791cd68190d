import type { DataValue, Event, OverlaySummary } from '../../runtime/contract/generated/openapi.v1.ts'
import type { Told } from '../../runtime/control/proof/aired.ts'
import { Cells } from './cells.ts'
import { type OverlayStage, square } from './overlay-stage.ts'

/** What the tests of overlays on the whole appliance put on air: each element in a cell of its own. */
const LONG = '01:00:00.000'
const cells = new Cells(640, 360)

export const cue = (cell: number, id: string, what: object, more: object = {}) => ({
  ...{ id, start: 0, duration: LONG, layer: 0, unsafe: true, properties: cells.whole(cell), ...what, ...more },
})
export const white = { shape: { type: 'rectangle', color: '#ffffff' } }
export const scene = (id: string, cues: object[], start = 0) => ({
  id,
  start,
  tracks: [{ id: `t-${id}`, kind: 'any', cues }],
})
export const documentOf = (id: string, scenes: object[], more: object = {}) => ({
  ocl: '1.0',
  timeline: { id, version: 1, frameRate: 30, resolution: { width: 640, height: 360 }, ...more },
  scenes,
})

/** Where the files of the story stand. */
export const ON = {
  whole: 1,
  wrong: 2,
  closed: 3,
  led: 4,
  ends: 5,
  word: 6,
  poster: 7,
  beat: 8,
  one: 9,
  two: 10,
  three: 11,
}

/** What was done and seen; times in UTC ms. */
export interface Story {
  startedAt: number
  pushed: DataValue
  killedFor: number
  expires: number
  resynced: number
  /** Frames between which the poster was given another picture. */
  swapped: [number, number]
  /** Frames in which the scenes were told to change, and to end. */
  turn: number
  ends: number
  frames: { produced: number; dropped: number; repeated: number }[]
  assets: OverlaySummary['assets']
  ranges: (string | undefined)[]
  file: string
  preview: string
  shown: Buffer
  shownAt: number
  events: Event[]
  proof: Told[]
}

/** `expires`: UTC ms at which one of its files may not be shown any more. */
export function story(stage: OverlayStage, expires?: number) {
  const plain = stage.asset('plain', square('#808080'))
  const instead = { fallback: 'plain' }
  const wrong = { ...stage.asset('wrong', square('#fefefe')), sha256: '0'.repeat(64), ...instead }
  const closed = stage.asset('closed', square('#fdfdfd'), instead)
  const led = stage.asset('led', square('#fcfcfc'), instead)
  const ends = stage.asset('ends', square('#ffffff'), {
    ...instead,
    rights: { tags: [], ...(expires !== undefined && { expires: new Date(expires).toISOString() }) },
  })
  const assets = [
    plain,
    stage.asset('whole', square(undefined, 300)),
    wrong,
    { ...closed, url: stage.assets.url('/closed.png', '127.0.0.1') },
    led,
    ends,
  ]
  const shown = ['whole', 'wrong', 'closed', 'led', 'ends'] as const
  const cues = [
    cue(0, 'mark', white),
    ...shown.map(id => cue(ON[id], id, { assetRef: id })),
    cue(ON.word, 'word', { text: { value: '{{word}}', size: 24, color: '#ffffff' } }),
  ]
  return { ...documentOf('story', [scene('s', cues)]), assets }
}

/** An overlay of one file, which is another one under the same name and address whenever it has another colour. */
export const poster = (stage: OverlayStage, colour: string) => ({
  ...documentOf('poster', [scene('s', [cue(ON.poster, 'poster', { assetRef: 'poster' })])]),
  assets: [stage.asset('poster', square(colour))],
})

/** The first try to fetch a large file is cut; one address leads into the network of the appliance. */
export function misbehave({ assets }: OverlayStage): void {
  let cut = false
  assets.behave = ({ url }, response, serve) => {
    if (url === '/led.png') response.writeHead(302, { location: assets.url('/inside.png', '127.0.0.1') }).end()
    else if (url === '/whole.png' && !cut) {
      cut = true
      serve(20_000)
    } else serve()
  }
}
