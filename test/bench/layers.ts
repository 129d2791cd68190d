/** A lower third over the whole width, a corner logo and a title: three layers that stay on air. */
const cue = (id: string, layer: number, more: object) => ({ id, start: 0, duration: '10:00:00.000', layer, ...more })
export const threeLayers = {
  ocl: '1.0',
  timeline: { id: 'bench', version: '1', frameRate: 30, resolution: { width: 1920, height: 1080 } },
  assets: [],
  scenes: [
    {
      id: 'main',
      start: 0,
      tracks: [
        {
          id: 'graphics',
          kind: 'lower-third',
          cues: [
            cue('bar', 1, {
              shape: { type: 'rectangle', color: '#10182099' },
              unsafe: true,
              properties: { size: { width: 1920, height: 200 }, position: { anchor: 'bottom-left', x: 0, y: 0 } },
            }),
            cue('logo', 2, {
              shape: { type: 'rectangle', color: '#ff660080', radius: 24 },
              properties: { size: { width: 320, height: 160 }, position: { anchor: 'top-right', x: 0, y: 0 } },
            }),
            cue('title', 3, {
              text: { value: 'Live from {{locationName}}', size: 72, color: '#ffffff' },
              properties: { position: { anchor: 'bottom-left', x: 40, y: 30 } },
            }),
          ],
        },
      ],
    },
  ],
}
