import { BARCODE_BITS } from './content.ts'
import { run } from './run.ts'

/** What FFmpeg's own tools say about a recording: tests judge the product by these, never by its own code. */
export interface Probe {
  duration: number
  video?: {
    codec: string
    width: number
    height: number
    /** Average pictures a second. */
    fps: number
    pixFmt: string
    colorRange?: string
    colorSpace?: string
    profile?: string
  }
  audio?: { codec: string; sampleRate: number; channels: number }
}

/** One compressed packet; times in ms as the container holds them. */
export interface Packet {
  pts: number
  dts: number
  key: boolean
  size: number
}

const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin']

export async function probe(file: string): Promise<Probe> {
  const answer = JSON.parse(
    String(await run('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', file])),
  ) as { streams: Record<string, string>[]; format: { duration?: string } }
  const stream = (type: string) => answer.streams.find(s => s.codec_type === type)
  const video = stream('video')
  const audio = stream('audio')
  return {
    duration: Number(answer.format.duration ?? 0),
    video: video && {
      codec: String(video.codec_name),
      width: Number(video.width),
      height: Number(video.height),
      fps: ratio(String(video.avg_frame_rate)),
      pixFmt: String(video.pix_fmt),
      colorRange: video.color_range,
      colorSpace: video.color_space,
      profile: video.profile,
    },
    audio: audio && {
      codec: String(audio.codec_name),
      sampleRate: Number(audio.sample_rate),
      channels: Number(audio.channels),
    },
  }
}

/** Every packet of one stream in file order. */
export async function packets(file: string, stream: 'v' | 'a'): Promise<Packet[]> {
  const entries = 'packet=pts_time,dts_time,size,flags'
  const args = ['-v', 'error', '-select_streams', `${stream}:0`, '-show_entries', entries, '-of', 'json', file]
  const answer = JSON.parse(String(await run('ffprobe', args))) as { packets: Record<string, string>[] }
  return answer.packets.map(packet => ({
    pts: Number(packet.pts_time) * 1_000,
    dts: Number(packet.dts_time) * 1_000,
    key: String(packet.flags).startsWith('K'),
    size: Number(packet.size),
  }))
}

/** The gaps between keyframes in ms. */
export async function keyframeGaps(file: string): Promise<number[]> {
  const keys = (await packets(file, 'v')).filter(packet => packet.key).map(packet => packet.pts)
  return keys.slice(1).map((pts, n) => pts - (keys[n] ?? 0))
}

export interface Picture {
  width: number
  height: number
  data: Buffer
  /** The three bytes of a pixel: Y, Cb, Cr of yuv444p, or R, G, B of rgb24. */
  at(x: number, y: number): [number, number, number]
}

/** Decodes `count` pictures from number `first` (0 is the first of the file). */
export async function pictures(
  file: string,
  first: number,
  count = 1,
  format: 'yuv444p' | 'rgb24' = 'yuv444p',
): Promise<Picture[]> {
  const size = (await probe(file)).video
  if (!size) throw new Error(`${file} has no picture`)
  const { width, height } = size
  const wanted = `select=between(n\\,${first}\\,${first + count - 1})`
  const output = [
    '-fps_mode',
    'passthrough',
    '-frames:v',
    String(count),
    '-pix_fmt',
    format,
    '-f',
    'rawvideo',
    'pipe:1',
  ]
  const raw = await run('ffmpeg', [...quiet, '-i', file, '-map', '0:v:0', '-vf', wanted, ...output])
  const area = width * height
  return Array.from({ length: Math.floor(raw.length / (area * 3)) }, (_, n) => {
    const data = raw.subarray(n * area * 3, (n + 1) * area * 3)
    const at = (x: number, y: number): [number, number, number] => {
      const pixel = y * width + x
      const [a, b, c] =
        format === 'rgb24' ? [pixel * 3, pixel * 3 + 1, pixel * 3 + 2] : [pixel, area + pixel, 2 * area + pixel]
      return [data[a] ?? -1, data[b] ?? -1, data[c] ?? -1]
    }
    return { width, height, data, at }
  })
}

/** The number in the barcode of every picture (see content.ts); a picture without barcode reads as some number. */
export async function counters(file: string): Promise<number[]> {
  const raw = await averages(file, `crop=iw/2:ih/18:0:0,scale=${BARCODE_BITS}:1:flags=area`)
  return Array.from({ length: raw.length / BARCODE_BITS }, (_, n) => {
    let value = 0
    for (let bit = 0; bit < BARCODE_BITS; bit++) if ((raw[n * BARCODE_BITS + bit] ?? 0) > 128) value += 2 ** bit
    return value
  })
}

/** Every picture as a few grey values, each the mean of its part of it: 16 x 16 are enough to tell one from another. */
export async function thumbnails(file: string, columns = 16, rows = 16): Promise<Buffer[]> {
  const size = columns * rows
  const raw = await averages(file, `scale=${columns}:${rows}:flags=area`)
  return Array.from({ length: raw.length / size }, (_, n) => raw.subarray(n * size, (n + 1) * size))
}

/** One value of one plane in every picture, as it was encoded; x and y in that plane's own pixels. */
export async function planeAt(file: string, plane: 'y' | 'u' | 'v', x: number, y: number): Promise<number[]> {
  return [...(await averages(file, `extractplanes=${plane},crop=1:1:${x}:${y}:exact=1`))]
}

/** A checksum of each decoded picture; of a file that breaks off, of those before. */
export async function frameHashes(file: string): Promise<string[]> {
  const text = await run('ffmpeg', [...quiet, '-i', file, '-map', '0:v:0', '-f', 'framemd5', '-'])
  return String(text)
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.split(',').at(-1)?.trim() ?? '')
}

/** Times (ms) at which the flash at the bottom right begins. */
export async function flashes(file: string): Promise<number[]> {
  const [level, times] = await Promise.all([
    averages(file, 'crop=iw/16:ih/16:iw*29/32:ih*29/32,scale=1:1:flags=area'),
    packets(file, 'v'),
  ])
  const lit = [...level].map(value => value > 128)
  return times.filter((_, n) => n > 0 && lit[n] && !lit[n - 1]).map(packet => packet.pts)
}

/** Mono samples, -1..1 at 48 kHz, and the time of the first one in ms. */
export async function sound(file: string): Promise<{ startMs: number; samples: Float32Array }> {
  const first = (await packets(file, 'a'))[0]
  const raw = await run('ffmpeg', [
    ...quiet,
    '-i',
    file,
    '-map',
    '0:a:0',
    '-ac',
    '1',
    '-ar',
    '48000',
    '-f',
    'f32le',
    'pipe:1',
  ])
  return {
    startMs: first?.pts ?? 0,
    samples: new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~3))),
  }
}

/** Times (ms) at which a beep begins: loud after at least 0.2 s that was not. */
export async function beeps(file: string): Promise<number[]> {
  const { startMs, samples } = await sound(file)
  const begins: number[] = []
  let lastLoud = Number.NEGATIVE_INFINITY
  for (let n = 0; n < samples.length; n++) {
    if (Math.abs(samples[n] ?? 0) < 0.25) continue
    if (n - lastLoud > 9_600 && n > 0) begins.push(startMs + n / 48)
    lastLoud = n
  }
  return begins
}

/** How far each beep lies behind its flash, in ms (negative: before it); a beep without a flash near it is left out. */
export async function lipSync(file: string): Promise<number[]> {
  const [seen, heard] = await Promise.all([flashes(file), beeps(file)])
  const nearest = (beep: number) =>
    seen.map(flash => beep - flash).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a), Number.POSITIVE_INFINITY)
  return heard.map(nearest).filter(apart => Math.abs(apart) < 500)
}

/**
 * Decodes everything and answers what the decoder complained about; an empty text means a clean recording. Pictures keep
 * the file's own times: FFmpeg's guess of a frame rate is wrong where a few are missing, and its null writer minds.
 */
export async function decodeErrors(file: string): Promise<string> {
  const args = [
    '-c',
    'ffmpeg -hide_banner -nostdin -v error -i "$0" -fps_mode passthrough -enc_time_base:v -1 -f null - 2>&1',
    file,
  ]
  return String(await run('sh', args)).trim()
}

/** 8 bit grey values of every picture after `filter`. */
function averages(file: string, filter: string): Promise<Buffer> {
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1']
  return run('ffmpeg', [...quiet, '-i', file, '-map', '0:v:0', '-vf', `${filter},format=gray`, ...output])
}

function ratio(text: string): number {
  const [numerator = 0, denominator = 1] = text.split('/').map(Number)
  return denominator ? numerator / denominator : 0
}
