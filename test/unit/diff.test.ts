import { describe, expect, test } from 'vitest'
import type { DesiredState } from '../../runtime/contract/generated/engine.v1.ts'
import { diff, NOTHING, needsNewShow } from '../../runtime/engine/diff.ts'

const picture = { width: 1280, height: 720, frameRate: { num: 30, den: 1 } }
const profile = { width: 1280, height: 720, fps: 30, videoBitrate: 2500, audioBitrate: 128, keyframeInterval: 2 }
const show = (): DesiredState => ({
  programs: [
    {
      id: 'main',
      picture,
      slateAfterMs: 2000,
      fallback: ['slate'],
      buses: [{ id: 'all', overlays: 'all' }],
      onAir: { id: 't1', source: 'cam', why: 'operator' },
    },
  ],
  sources: [
    { kind: 'camera', id: 'cam', name: 'Pier', url: 'rtsp://pier', audio: false, onFrozen: 'flag' },
    { kind: 'slate', id: 'slate', name: 'Slate', title: 'Back soon', subtitle: '' },
  ],
  overlays: [{ id: 'lower', program: 'main', document: {}, assets: {}, tokens: {} }],
  encoders: [{ id: 'e1', program: 'main', bus: 'all', profile }],
  outputs: [{ id: 'yt', name: 'YouTube', encoder: 'e1', url: 'rtmp://p/live', streamKey: 'k' }],
})
const names = (before: DesiredState, after: DesiredState) => diff(before, after).map(c => `${c.command} ${c.target}`)

describe('diff', () => {
  test('the same state, with its keys in another order, asks for nothing', () => {
    const reversed = JSON.parse(
      JSON.stringify(show(), (_, value) =>
        value && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).reverse())
          : value,
      ),
    )
    expect(diff(show(), reversed)).toEqual([])
  })

  test('from nothing: sources before the mixer, so that it begins with its slate, both before encoder, encoder before output', () => {
    expect(names(NOTHING, show())).toEqual([
      'source.start cam',
      'source.start slate',
      'program.start main',
      'program.fallback main',
      'bus.add main',
      'overlay.set lower',
      'program.take main',
      'encoder.start e1',
      'output.start yt',
    ])
  })

  test('a new key touches that output alone, a take only the mixer, and says why', () => {
    const after = show()
    after.outputs[0].streamKey = 'new'
    expect(names(show(), after)).toEqual(['output.update yt'])
    const taken = show()
    taken.programs[0].onAir = { id: 't2', source: 'slate', why: 'operator took the slate' }
    expect(diff(show(), taken)).toMatchObject([{ command: 'program.take', why: 'operator took the slate' }])
  })

  test('another profile: the new encoder starts, the output moves, the old encoder ends', () => {
    const after = show()
    after.encoders = [{ id: 'e2', program: 'main', bus: 'all', profile: { ...profile, videoBitrate: 1000 } }]
    after.outputs[0].encoder = 'e2'
    expect(names(show(), after)).toEqual(['encoder.start e2', 'output.update yt', 'encoder.stop e1'])
  })

  test('sound on is no new session; another address is', () => {
    const louder = show()
    louder.sources[0] = { ...louder.sources[0], audio: true } as DesiredState['sources'][number]
    expect(names(show(), louder)).toEqual(['source.update cam'])
    const moved = show()
    moved.sources[0] = { ...moved.sources[0], url: 'rtsp://other' } as DesiredState['sources'][number]
    expect(names(show(), moved)).toEqual(['source.restart cam'])
  })

  test('the fallback chain changes alone', () => {
    const after = show()
    after.programs[0].fallback = ['cam', 'slate']
    expect(names(show(), after)).toEqual(['program.fallback main'])
  })

  test('only another picture format needs a new show', () => {
    const after = show()
    after.programs[0].picture = { ...picture, width: 1920, height: 1080 }
    expect(needsNewShow(show(), after)).toBe(true)
    expect(needsNewShow(show(), show())).toBe(false)
  })
})
