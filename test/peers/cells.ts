import { packets, thumbnails } from './media.ts'

/** A picture divided into cells, so that each element of an overlay has one for itself and can be followed in a recording. */
export class Cells {
  static readonly columns = 8
  static readonly rows = 4
  readonly width: number
  readonly height: number
  private readonly cell: { width: number; height: number }

  /** `width` and `height` are multiples of the cells. */
  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.cell = { width: width / Cells.columns, height: height / Cells.rows }
  }

  /** A cue's place: the upper left corner of cell `n`. */
  corner(n: number) {
    const { width, height } = this.cell
    return { anchor: 'top-left', x: (n % Cells.columns) * width, y: Math.floor(n / Cells.columns) * height }
  }

  /** The properties of a cue that fills cell `n`. */
  whole(n: number) {
    return { position: this.corner(n), size: { ...this.cell } }
  }

  middle(n: number): [x: number, y: number] {
    const { x, y } = this.corner(n)
    return [x + this.cell.width / 2, y + this.cell.height / 2]
  }
}

/** FFmpeg makes grey of limited range full. */
const [BLACK, WHITE] = [0, 255]

/** A recording in which each cell is black or shows its element. Frames count from the one in which cell 0 is white first. */
export class Reel {
  readonly file: string
  /** The picture of the file that is frame 0. */
  readonly first: number
  /** ms of program time. */
  private readonly times: number[]
  private readonly pictures: Buffer[]

  private constructor(file: string, times: number[], pictures: Buffer[]) {
    this.file = file
    this.times = times
    this.pictures = pictures
    this.first = pictures.findIndex(picture => (picture[0] ?? 0) > (BLACK + WHITE) / 2)
    if (this.first < 0) throw new Error('the first cell is never white')
  }

  static async of(file: string): Promise<Reel> {
    const [all, pictures] = await Promise.all([packets(file, 'v'), thumbnails(file, Cells.columns, Cells.rows)])
    const times = all.map(({ pts }) => pts).sort((a, b) => a - b)
    return new Reel(file, times, pictures)
  }

  get length(): number {
    return this.pictures.length - this.first
  }

  /** ms of program time since frame 0. */
  timeOf(frame: number): number {
    return (this.times[this.first + frame] ?? Number.NaN) - (this.times[this.first] ?? Number.NaN)
  }

  /** How much of the way from black to white a cell has gone, 0 to 1. */
  light(cell: number, frame: number): number {
    const grey = this.pictures[this.first + frame]?.[cell]
    return grey === undefined ? Number.NaN : (grey - BLACK) / (WHITE - BLACK)
  }

  /** The stretches of frames [from, to) in which something is to be seen in a cell. */
  lit(cell: number, least = 0.03): [from: number, to: number][] {
    const stretches: [number, number][] = []
    for (let frame = -this.first; frame <= this.length; frame++) {
      const [now, before] = [frame, frame - 1].map(at => this.light(cell, at) > least)
      const last = stretches.at(-1)
      if (now && !before) stretches.push([frame, this.length])
      else if (!now && before && last) last[1] = frame
    }
    return stretches
  }
}

/** A colour (#rrggbb) in BT.709, limited range. */
export function bt709(color: string): [y: number, cb: number, cr: number] {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(from => Number.parseInt(color.slice(from, from + 2), 16) / 255)
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return [16 + 219 * y, 128 + (224 * (b - y)) / 1.8556, 128 + (224 * (r - y)) / 1.5748]
}
