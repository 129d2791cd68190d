/** A value of AMF 0 (Action Message Format 0, Adobe 2007) as far as RTMP commands use it. */
export type AmfValue = number | boolean | string | null | undefined | AmfValue[] | AmfObject
export interface AmfObject {
  [key: string]: AmfValue
}

const NUMBER = 0x00
const BOOLEAN = 0x01
const STRING = 0x02
const OBJECT = 0x03
const NULL = 0x05
const UNDEFINED = 0x06
const ECMA_ARRAY = 0x08
const OBJECT_END = 0x09
const STRICT_ARRAY = 0x0a
const DATE = 0x0b
const LONG_STRING = 0x0c

/** A server that nests deeper than this is not answering a command. */
const DEEPEST = 16

/** Values one after the other, as the body of an RTMP command message. */
export function encodeAmf(...values: AmfValue[]): Buffer {
  return Buffer.concat(values.map(encodeValue))
}

/** All values of a command body. Throws RangeError when it is cut short or holds a type that commands never use. */
export function decodeAmf(bytes: Buffer): AmfValue[] {
  const reader = new Reader(bytes)
  const values: AmfValue[] = []
  while (!reader.done) values.push(reader.value(0))
  return values
}

export function isAmfObject(value: AmfValue): value is AmfObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function encodeValue(value: AmfValue): Buffer {
  if (value === null) return Buffer.from([NULL])
  if (value === undefined) return Buffer.from([UNDEFINED])
  if (typeof value === 'boolean') return Buffer.from([BOOLEAN, value ? 1 : 0])
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value === 'string') return encodeString(value)
  if (Array.isArray(value)) {
    const head = Buffer.alloc(5)
    head[0] = STRICT_ARRAY
    head.writeUInt32BE(value.length, 1)
    return Buffer.concat([head, ...value.map(encodeValue)])
  }
  const members = Object.entries(value).flatMap(([key, member]) => [encodeKey(key), encodeValue(member)])
  return Buffer.concat([Buffer.from([OBJECT]), ...members, Buffer.from([0, 0, OBJECT_END])])
}

function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = NUMBER
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function encodeString(value: string): Buffer {
  const text = Buffer.from(value)
  if (text.length <= 0xffff) return Buffer.concat([Buffer.from([STRING]), encodeKey(value)])
  const head = Buffer.alloc(5)
  head[0] = LONG_STRING
  head.writeUInt32BE(text.length, 1)
  return Buffer.concat([head, text])
}

function encodeKey(key: string): Buffer {
  const text = Buffer.from(key)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, text])
}

class Reader {
  private at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  value(depth: number): AmfValue {
    if (depth > DEEPEST) throw new RangeError('AMF0: nested too deep')
    const type = this.take(1)[0]
    switch (type) {
      case NUMBER:
        return this.take(8).readDoubleBE()
      case BOOLEAN:
        return this.take(1)[0] !== 0
      case STRING:
        return this.text(2)
      case LONG_STRING:
        return this.text(4)
      case NULL:
        return null
      case UNDEFINED:
        return undefined
      case OBJECT:
        return this.members(depth)
      case ECMA_ARRAY:
        this.take(4) // the count is a hint only: the end marker counts
        return this.members(depth)
      case STRICT_ARRAY:
        return this.items(this.take(4).readUInt32BE(), depth)
      case DATE: {
        const time = this.take(8).readDoubleBE()
        this.take(2) // a time zone that the specification reserves
        return time
      }
      default:
        throw new RangeError(`AMF0: type ${type} is not one of a command`)
    }
  }

  private members(depth: number): AmfObject {
    const members = new Map<string, AmfValue>()
    for (;;) {
      const key = this.text(2)
      if (key === '' && this.bytes[this.at] === OBJECT_END) {
        this.at++
        return Object.fromEntries(members)
      }
      members.set(key, this.value(depth + 1))
    }
  }

  private items(count: number, depth: number): AmfValue[] {
    const items: AmfValue[] = []
    while (items.length < count) items.push(this.value(depth + 1))
    return items
  }

  private text(lengthBytes: 2 | 4): string {
    return this.take(this.take(lengthBytes).readUIntBE(0, lengthBytes)).toString('utf8')
  }

  private take(count: number): Buffer {
    const end = this.at + count
    if (end > this.bytes.length) throw new RangeError('AMF0: cut short')
    const part = this.bytes.subarray(this.at, end)
    this.at = end
    return part
  }
}
