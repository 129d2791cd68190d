import { QUIET } from './quiet.ts'

/** Ways to decode H.264 in hardware, in the order of preference. */
export const HARDWARE_DECODERS = ['cuda', 'qsv', 'vaapi', 'drm'] as const
export type HardwareDecoder = (typeof HARDWARE_DECODERS)[number]

/** The format in which its pictures stay in the hardware: FFmpeg falls back to software silently unless asked for that. */
const PICTURES: Record<HardwareDecoder, string> = { cuda: 'cuda', qsv: 'qsv', vaapi: 'vaapi', drm: 'drm_prime' }

/** Before an input: decode it there or not at all. */
export const decodeIn = (decoder: HardwareDecoder | undefined): string[] =>
  decoder ? ['-hwaccel', decoder, '-hwaccel_output_format', PICTURES[decoder]] : []

/** The filter that brings its pictures back into memory. */
const DOWNLOAD = 'hwdownload,format=nv12'
export const fetchFrom = (decoder: HardwareDecoder | undefined): string => (decoder ? `${DOWNLOAD},` : '')

/** Decodes the H.264 (raw, on stdin) in hardware or not at all, exactly as a camera would be. */
export const decodeTrialArgs = (decoder: HardwareDecoder): string[] => [
  ...QUIET.filter(option => option !== '-nostdin'),
  ...[...decodeIn(decoder), '-f', 'h264', '-i', 'pipe:0', '-vf', DOWNLOAD, '-f', 'null', '-'],
]

/** A few pictures of H.264 from software, on stdout: what the trials decode. */
export const decodeSampleArgs = (): string[] => [
  ...[...QUIET, '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30:duration=0.5'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-f', 'h264', 'pipe:1'],
]
