import { ffmpegOnce } from '../ffmpeg/once.ts'
import type { Pixels, Timing } from './animation.ts'
import { broken } from './image-file.ts'

/** GIF, APNG and WebM through FFmpeg: its own decoders of VP8 and VP9 drop alpha, those of libvpx keep it. */
const DECODERS: Readonly<Record<string, string>> = { vp8: 'libvpx', vp9: 'libvpx-vp9' }
const CODECS = new Set(['gif', 'apng', 'vp8', 'vp9'])
const QUIET = ['-hide_banner', '-nostdin', '-v', 'error', '-protocol_whitelist', 'file']
const TIMEOUT_MS = 4_000

/** From the container alone, so a long file costs no decoding. */
export async function timingByFfmpeg(file: string): Promise<Timing> {
  const args = [...QUIET, '-i', `file:${file}`, '-map', '0:v:0', '-c', 'copy', '-f', 'framecrc', 'pipe:1']
  const { ok, out } = await ffmpegOnce(args, { timeoutMs: TIMEOUT_MS })
  const timing = ok ? timingIn(out.toString('latin1')) : undefined
  if (!timing) throw broken(file, 'cannot be decoded')
  if (!CODECS.has(timing.codec)) throw broken(file, `holds video of type ${timing.codec}, which cannot be shown`)
  return timing
}

/** Of FFmpeg's list of packets: "#tb 0: 1/100", "#dimensions 0: 64x36", "0, dts, pts, duration, size, …". */
export function timingIn(list: string): (Timing & { codec: string }) | undefined {
  const [, num, den] = /^#tb 0: (\d+)\/(\d+)/m.exec(list) ?? []
  const [, width, height] = /^#dimensions 0: (\d+)x(\d+)/m.exec(list) ?? []
  const [, codec] = /^#codec_id 0: (\w+)/m.exec(list) ?? []
  const packets = [...list.matchAll(/^0, *-?\d+, *(-?\d+), *(\d+),/gm)].map(([, pts, duration]) => ({
    pts: Number(pts),
    duration: Number(duration),
  }))
  if (!width || !codec || packets.length === 0) return undefined
  const ms = (1_000 * Number(num)) / Number(den)
  const first = packets[0].pts
  const last = packets.length - 1
  const ends = packets.map(({ pts, duration }, i) => ((i < last ? packets[i + 1].pts : pts + duration) - first) * ms)
  return { width: Number(width), height: Number(height), codec, ends }
}

export async function decodeByFfmpeg(file: string, { width, height, ends, codec = '' }: Timing): Promise<Pixels[]> {
  const decoder = Object.hasOwn(DECODERS, codec) ? ['-c:v', DECODERS[codec]] : []
  const most = ['-frames:v', String(ends.length)]
  const raw = ['-fps_mode', 'passthrough', '-pix_fmt', 'rgba', '-f', 'rawvideo', 'pipe:1']
  const args = [
    ...QUIET,
    ...decoder,
    '-i',
    `file:${file}`,
    '-map',
    '0:v:0',
    ...most,
    '-s',
    `${width}x${height}`,
    ...raw,
  ]
  const { out } = await ffmpegOnce(args, { timeoutMs: TIMEOUT_MS })
  const size = width * height * 4
  const count = Math.floor(out.length / size)
  if (count === 0) throw broken(file, 'cannot be decoded')
  // A file that is damaged at its end shows its last good picture.
  return ends.map((_, i) => {
    const at = out.byteOffset + Math.min(i, count - 1) * size
    return new Uint8ClampedArray(out.buffer as ArrayBuffer, at, size)
  })
}
