import { createHash } from 'node:crypto'

/** Full-frame slides that fade into one another, a ticker and a title that never stands still: everything moves. */
const slide = (id: string, from: string, to: string) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1920" height="1080"><defs><linearGradient id="g"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="1920" height="1080" fill="url(#g)" fill-opacity=".6"/></svg>`
  const bytes = Buffer.from(svg)
  return {
    id,
    url: `data:image/svg+xml;base64,${bytes.toString('base64')}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    mediaType: 'image/svg+xml',
  }
}

export const movingLayers = {
  ocl: '1.0',
  timeline: {
    ...{ id: 'moving', version: '1', frameRate: 60, resolution: { width: 1920, height: 1080 } },
    ...{ duration: '12s', loop: true },
  },
  assets: [
    slide('dawn', '#ff8040', '#4060c0'),
    slide('day', '#40a0ff', '#ffffff'),
    slide('night', '#101840', '#402060'),
  ],
  scenes: [
    {
      id: 'main',
      start: 0,
      duration: '12s',
      tracks: [
        {
          id: 'graphics',
          kind: 'fullscreen',
          cues: [
            {
              ...{ id: 'slides', start: 0, duration: '12s', layer: 1, unsafe: true },
              slides: {
                items: ['dawn', 'day', 'night'].map(assetRef => ({ assetRef })),
                every: '4s',
                transition: { type: 'fade', duration: '2s' },
              },
              properties: { size: { width: 1920, height: 1080 } },
            },
            {
              ...{ id: 'ticker', start: 0, duration: '12s', layer: 2 },
              text: {
                value: 'Boats leave at 9, 11 and 15 · The harbour office is open until 18',
                size: 48,
                ticker: { speed: 240 },
              },
              properties: { size: { width: 1600, height: 80 }, position: { anchor: 'bottom-left', x: 20, y: 20 } },
            },
            {
              ...{ id: 'title', start: 0, duration: '12s', layer: 3 },
              text: { value: 'Live from {{locationName}}', size: 72, color: '#ffffff' },
              properties: { position: { anchor: 'top-left', x: 20, y: 40 } },
              automation: [
                {
                  property: 'position.x',
                  keyframes: [
                    { at: 0, value: 20 },
                    { at: 't+6s', value: 700, easing: 'ease-in-out' },
                    { at: 't+12s', value: 20, easing: 'ease-in-out' },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
}
