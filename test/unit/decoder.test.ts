import { describe, expect, test } from 'vitest'
import { DecoderChoice, softwareNews } from '../../runtime/engine/ingest/decoder.ts'

const broken = 'Stream #0:0: Video: h264\nFailed setup for format vaapi: hwaccel initialisation returned error.'

function chosen(...working: ('cuda' | 'vaapi')[]): DecoderChoice {
  const choice = new DecoderChoice()
  choice.found(working)
  return choice
}

describe('which decoder a camera gets', () => {
  test('the best that works here, else software', () => {
    expect(new DecoderChoice().hardware).toBeUndefined()
    expect(chosen().hardware).toBeUndefined()
    expect(chosen('cuda', 'vaapi').hardware).toBe('cuda')
  })

  test('its first failure is its last, whatever the trials say later', () => {
    const choice = chosen('vaapi')
    expect(choice.ended({ said: broken, opened: true, hadFrames: false, silent: false })).toBe('vaapi')
    choice.found(['cuda'])
    expect(choice.hardware).toBeUndefined()
    expect(choice.ended({ said: broken, opened: true, hadFrames: false, silent: false })).toBeUndefined()
  })

  test.each([
    ['a camera that is not there', { said: 'Connection refused', opened: false, hadFrames: false, silent: false }],
    ['a camera that went away', { said: 'frame= 90', opened: true, hadFrames: true, silent: false }],
  ])('%s is not its fault', (_, ended) => {
    const choice = chosen('vaapi')
    expect(choice.ended(ended)).toBeUndefined()
    expect(choice.hardware).toBe('vaapi')
  })

  test('a camera that was connected and sent nothing is tried once in software, then in hardware again', () => {
    const choice = chosen('vaapi')
    const mute = { said: 'Stream #0:0: Video: h264', opened: true, hadFrames: false, silent: true }
    expect(choice.ended(mute)).toBeUndefined()
    expect(choice.hardware).toBeUndefined()
    // It was not even connected: that says nothing about software.
    choice.ended({ said: 'Connection refused', opened: false, hadFrames: false, silent: false })
    expect(choice.hardware).toBeUndefined()
    expect(choice.ended(mute)).toBeUndefined()
    expect(choice.hardware).toBe('vaapi')
    expect(choice.ended({ ...mute, said: broken })).toBe('vaapi')
    expect(choice.hardware).toBeUndefined()
  })

  test('a card that is lost in the middle is', () => {
    expect(chosen('cuda').ended({ said: 'hwaccel decode error', opened: true, hadFrames: true, silent: false })).toBe(
      'cuda',
    )
  })

  test('the event tells the line that matters', () => {
    const { type, data } = softwareNews('Pier', 'vaapi', `${broken}\nConversion failed!`)
    expect(type).toBe('source.decoder-fallback')
    expect(data).toMatchObject({ from: 'vaapi', to: 'software', reason: expect.stringContaining('Failed setup') })
  })
})
