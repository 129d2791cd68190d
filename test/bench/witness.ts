import { writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { tagsOf } from '../peers/flv-tags.ts'
import { thumbnails } from '../peers/media.ts'
import { scratch } from '../peers/run.ts'

/** One picture of the program as the encoder gave it. */
export interface Seen {
  /** When its last byte was here (performance.now()). */
  arrived: number
  /** Program time in ms. */
  timestamp: number
  thumbnail: Buffer
}

/** Stands right behind the encoder (its own tags, from the engine's socket), notes when each byte came and looks at it later. */
export class Witness {
  private readonly stream: IncomingMessage
  private readonly pieces: { data: Buffer; at: number }[] = []

  private constructor(stream: IncomingMessage) {
    this.stream = stream
    stream.on('data', (data: Buffer) => this.pieces.push({ data, at: performance.now() }))
    // The end is ours.
    stream.on('error', () => {})
  }

  static of(socketPath: string): Promise<Witness> {
    return new Promise((resolve, reject) => {
      const asking = request({ socketPath, path: '/program/main.flv', headers: { host: 'engine' } }, stream => {
        if (stream.statusCode === 200) resolve(new Witness(stream))
        else reject(new Error(`no program to look at: ${stream.statusCode}`))
      })
      asking.once('error', reject)
      asking.end()
    })
  }

  /** Ends the viewing; answers every picture in order. */
  async testimony(): Promise<Seen[]> {
    this.stream.destroy()
    const bytes = Buffer.concat(this.pieces.map(({ data }) => data))
    const looks = await decoded(bytes)
    const arrivals = this.arrivals()
    // The header of an FLV file and the first length are 13 bytes; each tag has 11 before and 4 behind its data.
    let end = 13
    const seen: Seen[] = []
    for (const { kind, header, timestamp, data } of tagsOf(bytes)) {
      end += 15 + data.length
      const thumbnail = looks[seen.length]
      if (kind === 'video' && !header && thumbnail) seen.push({ arrived: arrivals(end), timestamp, thumbnail })
    }
    return seen
  }

  /** Tells for rising offsets in the stream when the byte before was here. */
  private arrivals(): (offset: number) => number {
    let [n, upTo] = [0, 0]
    return offset => {
      while (n < this.pieces.length && upTo + this.pieces[n].data.length < offset) upTo += this.pieces[n++].data.length
      return this.pieces[n]?.at ?? Number.POSITIVE_INFINITY
    }
  }
}

async function decoded(flv: Buffer): Promise<Buffer[]> {
  const folder = scratch('witness')
  try {
    const file = join(folder.path, 'program.flv')
    writeFileSync(file, flv)
    return await thumbnails(file)
  } finally {
    folder.remove()
  }
}
