/** Message types of RTMP 1.0 (Adobe 2012, sections 5.4 and 7.1) that a publisher sends or hears. */
export const TYPE = {
  chunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  amf3Command: 17,
  data: 18,
  command: 20,
} as const

export interface Message {
  type: number
  /** Message stream: 0 for control, else what createStream answered. */
  stream: number
  /** Milliseconds; on the wire its lowest 32 bits. */
  timestamp: number
  data: Buffer
}

/** A control message whose body is one 32-bit number. */
export function control(type: number, value: number): Message {
  const data = Buffer.alloc(4)
  data.writeUInt32BE(value >>> 0)
  return { type, stream: 0, timestamp: 0, data }
}
