import type { Readable } from 'node:stream'
import { maskUrls } from '../../lib/log.ts'

const KEEP_LINES = 20
/** A line longer than this is cut: progress and garbage come without line ends. */
const LONGEST_LINE = 1_000

export interface InputVideo {
  codec: string
  width: number
  height: number
  fps: number
}

/** What an FFmpeg told about itself: its last lines, and what it found in its input. Credentials never get in. */
export class FfmpegReport {
  readonly lines: string[] = []
  video: InputVideo | undefined
  hasAudio = false
  /** The picture is coded with the colour matrix of SD television and of JPEG, ITU-R BT.601, and says so. */
  bt601 = false
  private rest = ''
  private inOutput = false
  private readonly secrets: string[]
  private readonly changed: () => void

  /** `secrets`: texts to blank out wherever they appear. `changed` is called when the input's streams become known. */
  constructor(secrets: string[] = [], changed: () => void = () => {}) {
    this.secrets = secrets.filter(secret => secret !== '')
    this.changed = changed
  }

  listen(stream: Readable | null): this {
    stream?.setEncoding('utf8').on('data', (text: string) => this.push(text))
    return this
  }

  push(text: string): void {
    const lines = (this.rest + text).split(/[\r\n]+/)
    this.rest = (lines.pop() ?? '').slice(-LONGEST_LINE)
    for (const line of lines) if (line.trim()) this.line(line.slice(0, LONGEST_LINE))
  }

  /** The last lines as one text, for classifying and for the log. */
  get text(): string {
    return [...this.lines, this.rest].filter(Boolean).map(this.mask).join('\n')
  }

  /** Read as it is, because a password may be a word of FFmpeg's; kept without it. */
  private line(line: string): void {
    this.lines.push(this.mask(line))
    if (this.lines.length > KEEP_LINES) this.lines.shift()
    if (line.startsWith('Output #')) this.inOutput = true
    if (!this.inOutput) this.stream(line)
  }

  private stream(line: string): void {
    const video = parseVideoStream(line)
    if (video && !this.video) {
      this.video = video
      this.bt601 = /, \w+\([^)]*(?:smpte170m|bt470bg)[/,)]/.test(line)
    } else if (/^\s*Stream #\S+: Audio:/.test(line)) this.hasAudio = true
    else return
    this.changed()
  }

  private readonly mask = (line: string): string =>
    this.secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), maskUrls(line))
}

/** Reads a line such as `Stream #0:0: Video: h264 (High), yuv420p(tv), 1920x1080 [SAR 1:1], 30 fps, 30 tbr, …`. */
export function parseVideoStream(line: string): InputVideo | undefined {
  const codec = /^\s*Stream #\S+: Video: (\w+)/.exec(line)?.[1]
  const size = /, (\d{2,5})x(\d{2,5})\b/.exec(line)
  if (!codec || !size) return undefined
  const rate = /, ([\d.]+)(k?) (?:fps|tbr)\b/.exec(line)
  const fps = rate ? Number(rate[1]) * (rate[2] ? 1_000 : 1) : 0
  return { codec, width: Number(size[1]), height: Number(size[2]), fps }
}
