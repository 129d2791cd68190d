import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { resolve } from '../../runtime/ocl/resolve.ts'

/** Moments (ms) at which a frozen document is looked at. */
const MOMENTS = [0, 250, 1_000, 1_700, 3_333, 5_250, 9_900, 21_000, 45_500]

/** As much of every asset and preset as an appliance that lacks nothing has. */
const CONTEXT = {
  tokens: { locationName: 'Harbour', place: 'Pier 3' },
  reached: { presets: { 'Front Entrance – Wide': 1_200 }, milestones: { streamLive: 1_500 } },
}

/** What is on the screen, without what may be worked out better later: estimated sizes of words, steps of bitmaps. */
export function answersOf(document: OclDocument): unknown[] {
  return MOMENTS.map(t => {
    const layers = resolve(document, t, CONTEXT).layers.map(({ bitmapScale: _, natural, ...layer }) => {
      const measured = layer.kind === 'text' && document.scenes.some(scene => hasNoSize(scene, layer.cue))
      const { x, y, width, height, rotation: _turn, ...rest } = layer
      return measured ? rest : { ...rest, box: [x, y, width, height], natural: [natural.width, natural.height] }
    })
    return rounded({ t, layers })
  })
}

const hasNoSize = ({ tracks }: OclDocument['scenes'][number], id: string): boolean =>
  tracks.some(track => track.cues.some(cue => cue.id === id && (!cue.properties?.size || cue.text?.ticker)))

/** To the hundredth: what rounding does differently is no difference. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 100) / 100 + 0
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)]))
}
