import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Gate } from '../../runtime/engine/outputs/gate.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'

type Short = `${'S' | 'H' | 'h' | 'K' | 'v' | 'a'}${number}`

/** S metadata, H picture header, h sound header, K keyframe, v picture, a sound; the number is the time in ms. */
function tag(short: Short, bytes = 1): FlvTag {
  const letter = short.charAt(0)
  const kind = letter === 'S' ? 'script' : letter === 'h' || letter === 'a' ? 'audio' : 'video'
  const header = letter === 'H' || letter === 'h'
  return { kind, timestamp: Number(short.slice(1)), data: Buffer.alloc(bytes), keyframe: letter === 'K', header }
}

function shortOf({ kind, timestamp, keyframe, header }: FlvTag): string {
  const letter = kind === 'script' ? 'S' : kind === 'audio' ? (header ? 'h' : 'a') : header ? 'H' : keyframe ? 'K' : 'v'
  return letter + timestamp
}

function push(relay: Relay, ...tags: Short[]): void {
  for (const short of tags) relay.push(tag(short))
}

function listener() {
  const got: string[] = []
  return { got, sink: { tag: (tag: FlvTag) => void got.push(shortOf(tag)) } }
}

describe('Relay', () => {
  it('gives a joiner headers and the group of pictures at once, with the keyframe’s time on the headers', () => {
    const relay = new Relay()
    push(relay, 'S0', 'H0', 'h0', 'a990', 'K1000', 'a1010', 'v1033')
    const { got, sink } = listener()
    relay.join(sink, 'gop')
    push(relay, 'v1066')
    expect(got).toEqual(['S1000', 'H1000', 'h1000', 'K1000', 'a1010', 'v1033', 'v1066'])
  })

  it('lets a joiner wait for the next keyframe', () => {
    const relay = new Relay()
    push(relay, 'S0', 'H0', 'h0', 'K1000', 'v1033')
    const { got, sink } = listener()
    relay.join(sink, 'keyframe')
    push(relay, 'v1066', 'a1070', 'K2000', 'a2010')
    expect(got).toEqual(['S2000', 'H2000', 'h2000', 'K2000', 'a2010'])
  })

  it('keeps the last group only', () => {
    const relay = new Relay()
    push(relay, 'H0', 'K1000', 'v1033', 'K2000', 'v2033')
    expect(relay.cached).toEqual({ start: 2000, spanMs: 33 })
    const { got, sink } = listener()
    relay.join(sink, 'gop')
    expect(got).toEqual(['H2000', 'K2000', 'v2033'])
  })

  it('sends everybody the new headers of a restarted encoder, before its first keyframe and nothing in between', () => {
    const relay = new Relay()
    const { got, sink } = listener()
    relay.join(sink, 'keyframe')
    push(relay, 'S0', 'H0', 'h0', 'K1000', 'v1033')
    got.length = 0
    push(relay, 'S0', 'H0', 'h0', 'a1900', 'K1933', 'v1966')
    expect(got).toEqual(['S1933', 'H1933', 'h1933', 'K1933', 'v1966'])
  })

  it('serves a joiner that arrives while a keyframe is handed round exactly once', () => {
    const relay = new Relay()
    push(relay, 'H0')
    const late = listener()
    let joined = false
    relay.join(
      {
        tag: () => {
          if (!joined) relay.join(late.sink, 'gop')
          joined = true
        },
      },
      'keyframe',
    )
    push(relay, 'K1000', 'v1033')
    expect(late.got).toEqual(['H1000', 'K1000', 'v1033'])
  })

  it('sends nothing to one that has left, even within the same tag', () => {
    const relay = new Relay()
    const second = listener()
    let leaveSecond = () => {}
    relay.join({ tag: () => leaveSecond() }, 'keyframe')
    leaveSecond = relay.join(second.sink, 'keyframe')
    push(relay, 'K1000', 'v1033')
    expect(second.got).toEqual([])
  })

  it('does not pass on the end of an encoder, for the show goes on', () => {
    const relay = new Relay()
    const { got, sink } = listener()
    relay.join(sink, 'keyframe')
    push(relay, 'K1000', 'v1033')
    relay.push({ ...tag('K1033'), data: Buffer.from([0x17, 2, 0, 0, 0]) })
    expect(got).toEqual(['K1000', 'v1033'])
    expect(relay.cached?.start).toBe(1000)
  })

  it('forgets a group that grows beyond its bound, and goes on', () => {
    const relay = new Relay()
    const first = listener()
    relay.join(first.sink, 'keyframe')
    push(relay, 'K1000')
    for (let n = 1; n <= 5; n++) relay.push(tag(`v${1000 + n}`, 8 * 1024 * 1024))
    expect(relay.cached).toBeUndefined()
    const late = listener()
    relay.join(late.sink, 'gop')
    push(relay, 'v1500', 'K2000')
    expect(late.got).toEqual(['K2000'])
    expect(first.got).toHaveLength(8)
  })
})

describe('Gate', () => {
  const passes = (gate: Gate, ...tags: Short[]) => tags.filter(short => gate.pass(tag(short)))

  it('lets only later times pass, kind by kind', () => {
    const gate = new Gate()
    expect(passes(gate, 'a5', 'K10', 'a5', 'v10', 'v9')).toEqual(['K10', 'a5'])
    expect(passes(gate, 'K20', 'v30', 'a5', 'a6')).toEqual(['K20', 'v30', 'a6'])
  })

  it('after a picture that came too late waits for a keyframe, because the next ones build on it', () => {
    const gate = new Gate()
    expect(passes(gate, 'K10', 'v10', 'v20', 'K30')).toEqual(['K10', 'K30'])
  })

  it('lets sound pass while pictures wait for a keyframe', () => {
    const gate = new Gate()
    passes(gate, 'K10')
    gate.skipPictures()
    expect(passes(gate, 'v20', 'a21', 'v30', 'K40', 'v50')).toEqual(['a21', 'K40', 'v50'])
  })

  it('begins a new connection with a keyframe later than all before', () => {
    const gate = new Gate()
    passes(gate, 'K10', 'v20', 'a20')
    gate.restart()
    expect(passes(gate, 'K10', 'v15', 'a25', 'v30', 'K40', 'a41', 'v50')).toEqual(['K40', 'a41', 'v50'])
  })

  it('lets no time step back, headers included, whatever generations of encoders bring', () => {
    const generation = fc.record({
      start: fc.integer({ min: 100, max: 5_000 }),
      pictures: fc.integer({ min: 0, max: 70 }),
      gop: fc.integer({ min: 1, max: 40 }),
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(generation, fc.constantFrom('goes on', 'reconnects', 'skips')), { maxLength: 8 }),
        all => {
          const [relay, gate] = [new Relay(), new Gate()]
          const connections: FlvTag[][] = [[]]
          const sink = {
            tag: (tag: FlvTag) => {
              const passed = gate.pass(tag)
              if (passed) connections.at(-1)?.push(passed)
            },
          }
          let leave = relay.join(sink, 'gop')
          for (const [{ start, pictures, gop }, then] of all) {
            push(relay, 'S0', 'H0', 'h0')
            for (let n = 0; n < pictures; n++) {
              const time = start + n * 33
              push(relay, n % gop === 0 ? `K${time}` : `v${time}`, `a${time - 2}`, `a${time + 19}`)
            }
            if (then === 'skips') gate.skipPictures()
            if (then !== 'reconnects') continue
            leave()
            gate.restart()
            connections.push([])
            leave = relay.join(sink, 'gop')
          }
          for (const kind of ['audio', 'video'] as const) {
            const media = connections.flat().filter(tag => tag.kind === kind && !tag.header)
            expect(media.filter(({ timestamp }, n) => n > 0 && timestamp <= media[n - 1].timestamp)).toEqual([])
            for (const sent of connections) {
              const tags = sent.filter(tag => tag.kind === kind)
              const late = tags.slice(1).filter(({ header, timestamp }, n) => header && timestamp < tags[n].timestamp)
              expect(late).toEqual([])
            }
          }
        },
      ),
    )
  })

  it('goes on where 31 bits of milliseconds end', () => {
    const gate = new Gate()
    expect(passes(gate, `K${0x7ffffff0}`, 'v5', 'v38', `v${0x7ffffff8}`)).toEqual([`K${0x7ffffff0}`, 'v5', 'v38'])
  })
})
