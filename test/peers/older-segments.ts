/** The shapes in which VistterStudio kept segments, each as one JSON file; two have a camera's login in an address. */
const SECRET = 'Pier7-2025!!'

const camera = (path: string) => [
  {
    ...{ id: 'track-1', type: 'video' },
    clips: [
      {
        ...{ id: 'clip-1', startTime: 0, endTime: 60, asset: { type: 'static', path } },
        position: { x: 0, y: 0, width: 1_920, height: 1_080 },
      },
    ],
  },
]

const flat = (id: string, path: string) => ({
  ...{ id, name: `Flat ${id}`, duration: 60, created: '2025-09-16T17:00:48.837Z', updated: '2025-09-16T17:00:48.837Z' },
  ...{ tracks: camera(path), assets: [], apiConfigs: [] },
})

const words = (text: string) => ({ type: 'dynamic', text })

export const OLDER = {
  secret: SECRET,
  shapes: {
    'flat, no login': flat('segment_001', 'rtmp://test.example.com/live/stream'),
    'flat, a login in the parameters': flat(
      'c7e44d65-cfc6-4590-bce3-a690709def37',
      `rtmp://192.168.86.23:1935/bcs/channel0_main.bcs?channel=0&user=pier&password=${SECRET}`,
    ),
    'flat, a login before the host': flat('demo-morning', `rtsp://pier:${SECRET}@192.168.86.22/h264`),
    'with metadata, {x}': {
      ...{ version: '1.0', metadata: { id: 'tides', name: 'Tides', duration: 30 }, assets: [] },
      tracks: [
        {
          ...{ id: 'words', type: 'overlay' },
          clips: [{ id: 'w', startTime: 1, endTime: 20, asset: words('{temp} and {wind}') }],
        },
      ],
      apiConfigs: [{ id: 'w', type: 'weather', endpoint: `https://weather.example/v1?key=${SECRET}`, apiKey: SECRET }],
    },
    'with metadata, {{x}}': {
      ...{ version: '1.0', metadata: { id: 'harbour', name: 'Harbour', duration: 30 } },
      tracks: [
        {
          ...{ id: 'words', type: 'overlay' },
          clips: [{ id: 'w', startTime: 0, endTime: 30, asset: words('{{locationName}}') }],
        },
      ],
    },
    'of the later editor, in ms': {
      ...{ id: 'editor', name: 'Editor', durationMs: 5_000, tracks: [{ id: 'v', kind: 'video' }] },
      clips: [{ id: 'cam', trackId: 'v', kind: 'video', sourceId: 'slate', startMs: 0, durationMs: 5_000 }],
    },
  },
}
