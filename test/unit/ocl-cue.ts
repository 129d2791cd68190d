/** A red rectangle from 1 s to 5 s, and a time line, with whatever a test wants of them. */
export const SIZE = { width: 200, height: 100 }
export const cue = (more: Record<string, unknown> = {}, properties: Record<string, unknown> = {}) => ({
  id: 'c',
  start: 1_000,
  duration: 4_000,
  layer: 0,
  shape: { type: 'rectangle', color: '#ff0000' },
  properties: { size: SIZE, position: { anchor: 'top-left', x: 0, y: 0 }, ...properties },
  ...more,
})
export const timeline = (more: object) => ({
  timeline: { id: 't', version: 1, frameRate: 30, resolution: { width: 1920, height: 1080 }, ...more },
})
