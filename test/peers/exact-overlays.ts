/** Two overlays in cues that touch one another: one goes on over the cuts, one is over by then and begins again. */
const FPS = 30
/** Three cues with them, one without; only the first of a long show. */
const GROUP = 4
const MOST = 24
/** How many frames the short one has something to show. */
const FLASH = 9

interface Timed {
  start: number
  duration: number
}

/** A white bar across the picture, `y` from its upper edge, for so many ms. */
export const whiteBar = (id: string, y: number, height: number, duration: number) => ({
  ocl: '1.0',
  timeline: { id, version: '1', frameRate: FPS, resolution: { width: 640, height: 360 } },
  ...{ assets: [], fallbacks: {} },
  scenes: [
    {
      ...{ id: 'one', start: 0 },
      tracks: [
        {
          ...{ id: 'track', kind: 'bar' },
          cues: [
            {
              ...{ id: 'bar', start: 0, duration, layer: 0, unsafe: true },
              shape: { type: 'rectangle', color: '#ffffff' },
              properties: { position: { anchor: 'top-left', x: 0, y }, size: { width: 640, height } },
            },
          ],
        },
      ],
    },
  ],
})

export const TOUCHING = [
  whiteBar('on-and-on', 330, 30, 600_000),
  whiteBar('again', 240, 40, (FLASH * 1_000) / FPS),
] as const
/** Rows of a thumbnail of 16 × 16 that lie in them. */
export const ROWS = { onAndOn: 15, again: 11 }

const isLaid = (n: number) => n < MOST && n % GROUP < GROUP - 1

/** Beside each of the cues with a picture that has them. */
export const touchingCues = (cues: readonly Timed[]) =>
  cues.flatMap(({ start, duration }, n) =>
    isLaid(n) ? TOUCHING.map(({ timeline: { id } }) => ({ id: `${id}-${n}`, start, duration, overlay: id })) : [],
  )

/** Frames on which one of them is there and should not be, or the other way round. */
export function wrongFrames(
  looks: readonly { onAndOn: boolean; again: boolean }[],
  cuts: readonly number[],
): { onAndOn: number; again: number } {
  const wrong = { onAndOn: 0, again: 0 }
  for (const [n, cut] of cuts.entries())
    for (let frame = cut; frame < (cuts[n + 1] ?? cut); frame++) {
      const look = looks[frame]
      if (look?.onAndOn !== isLaid(n)) wrong.onAndOn++
      if (look?.again !== (isLaid(n) && frame - cut < FLASH)) wrong.again++
    }
  return wrong
}
