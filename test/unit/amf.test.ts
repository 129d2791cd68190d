import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AmfValue, decodeAmf, encodeAmf } from '../../runtime/engine/outputs/rtmp/amf0.ts'

const { value } = fc.letrec<{ value: AmfValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 4 }),
  ),
}))

describe('AMF0', () => {
  it('reads back every value that it writes', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), values => {
        const back = decodeAmf(encodeAmf(...values))
        expect(back).toEqual(values.map(plain))
      }),
    )
  })

  it('writes a connect command as the specification lays it out', () => {
    const bytes = encodeAmf('connect', 1, { app: 'live' })
    expect(bytes.toString('hex')).toBe(
      '020007636f6e6e656374' + '003ff0000000000000' + '03' + '0003617070' + '0200046c697665' + '000009',
    )
  })

  it('reads the ECMA array in which servers send their answers', () => {
    const array = Buffer.from('080000000100056c6576656c' + '0200056572726f72' + '000009', 'hex')
    expect(decodeAmf(array)).toEqual([{ level: 'error' }])
  })

  it('writes texts of more than 64 KiB', () => {
    const long = 'x'.repeat(70_000)
    expect(decodeAmf(encodeAmf(long))).toEqual([long])
  })

  it('answers junk with a RangeError, never with anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        try {
          decodeAmf(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 2_000 },
    )
    expect(() => decodeAmf(Buffer.from('030001'.repeat(40), 'hex'))).toThrow(RangeError)
    expect(() => decodeAmf(Buffer.from('0affffffff', 'hex'))).toThrow(RangeError)
  })
})

/** fast-check makes dictionaries without a prototype now and then. */
function plain(value: AmfValue): AmfValue {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]))
}
