import { describe, expect, test } from 'vitest'
import type { DesiredState } from '../../runtime/contract/generated/engine.v1.ts'
import { diff, NOTHING, without } from '../../runtime/engine/diff.ts'

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

  test('from nothing: the slate before the mixer, which begins with it, cameras after it, encoder before output', () => {
    expect(names(NOTHING, show())).toEqual([
      'source.start slate',
      'program.start main',
      'program.fallback main',
      'program.view main',
      'bus.add main',
      'source.start cam',
      'overlay.set lower',
      'program.take main',
      'encoder.start e1',
      'output.start yt',
    ])
  })

  test("another bed, mute or loudness touches only the program's sound; taken away it is told as well", () => {
    const heard = show()
    heard.programs[0].sound = { mute: true }
    expect(names(show(), heard)).toEqual(['program.sound main'])
    expect(names(heard, show())).toEqual(['program.sound main'])
    expect(names(NOTHING, heard)).toContain('program.sound main')
  })

  test('a new key touches that output alone, a take only the mixer, and says why', () => {
    const after = show()
    after.outputs[0].streamKey = 'new'
    expect(names(show(), after)).toEqual(['output.update yt'])
    const taken = show()
    taken.programs[0].onAir = { id: 't2', source: 'slate', why: 'operator took the slate' }
    expect(diff(show(), taken)).toMatchObject([{ command: 'program.take', why: 'operator took the slate' }])
  })

  test('another profile: the stream changes its encoder, and the output stays with it', () => {
    const after = show()
    after.encoders = [{ id: 'e2', program: 'main', bus: 'all', profile: { ...profile, videoBitrate: 1000 } }]
    after.outputs[0].encoder = 'e2'
    expect(names(show(), after)).toEqual(['encoder.change e2', 'output.update yt'])
  })

  test('one of two outputs with another profile: the new encoder starts and that output moves', () => {
    const two = show()
    two.outputs.push({ id: 'tw', name: 'Twitch', encoder: 'e1', url: 'rtmp://p/live', streamKey: 't' })
    const after = structuredClone(two)
    after.encoders.push({ id: 'e2', program: 'main', bus: 'all', profile: { ...profile, videoBitrate: 1000 } })
    after.outputs[0].encoder = 'e2'
    expect(names(two, after)).toEqual(['encoder.start e2', 'output.update yt'])
    const alone = structuredClone(after)
    alone.encoders = alone.encoders.slice(0, 1)
    alone.outputs[0].encoder = 'e1'
    // Back to the shared one: it has a stream of its own that goes on.
    expect(names(after, alone)).toEqual(['output.update yt', 'encoder.stop e2'])
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

  test('only another picture format needs a program anew; that of the first one takes all with it', () => {
    const after = show()
    after.programs[0].picture = { ...picture, width: 1920, height: 1080 }
    expect(without(show(), after)).toBe(NOTHING)
    const same = show()
    expect(without(same, show())).toBe(same)
  })

  test('a second program comes, changes its size and goes without touching the first', () => {
    const both = (size = picture): DesiredState => {
      const { programs, overlays, encoders, outputs, ...rest } = show()
      return {
        ...rest,
        programs: [...programs, { ...programs[0], id: 'tall', picture: size }],
        overlays: [...overlays, { ...overlays[0], program: 'tall' }],
        encoders: [...encoders, { ...encoders[0], id: 'e2', program: 'tall' }],
        outputs: [...outputs, { ...outputs[0], id: 'fb', encoder: 'e2' }],
      }
    }
    expect(names(show(), both())).toEqual([
      'program.start tall',
      'program.fallback tall',
      'program.view tall',
      'bus.add tall',
      'overlay.set lower',
      'program.take tall',
      'encoder.start e2',
      'output.start fb',
    ])
    const taller = both({ ...picture, height: 1280 })
    expect(without(both(), taller)).toEqual(show())
    expect(names(both(), show())).toEqual([
      'overlay.remove lower',
      'output.stop fb',
      'encoder.stop e2',
      'program.stop tall',
    ])
    const cropped = both()
    cropped.programs[1].view = { fit: 'crop', focusX: 0 }
    expect(names(both(), cropped)).toEqual(['program.view tall'])
  })
})
