import type { X264Preset } from './h264.ts'
import { QUIET } from './quiet.ts'

/** Pixels of one measurement: 90 pictures of 720p. */
export const SPEED_PIXELS = 1280 * 720 * 90

/** Moving and noisy as a camera's picture at dusk; made once and repeated, so that making it costs little. */
const PICTURES = 'testsrc2=size=1280x720:rate=30:duration=1,noise=alls=8:allf=t,format=yuv420p,loop=loop=2:size=30'

const x264 = (preset: X264Preset): string[] => [
  ...['-c:v', 'libx264', '-preset', preset, '-tune', 'zerolatency', '-threads', '1'],
  ...['-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '5000k', '-g', '60'],
]

/** Encodes the pictures and throws them away; without a preset it only makes them. Tells its processor time at the end. */
export const encodeSpeedArgs = (preset?: X264Preset): string[] => [
  ...[...QUIET, '-benchmark', '-f', 'lavfi', '-i', PICTURES],
  ...[...(preset ? x264(preset) : []), '-f', 'null', '-'],
]

/** The pictures as H.264 on stdout. */
export const sampleArgs = (): string[] => [
  ...[...QUIET, '-f', 'lavfi', '-i', PICTURES, ...x264('ultrafast'), '-f', 'h264', 'pipe:1'],
]

/** Decodes H.264 from stdin and throws it away. */
export const decodeSpeedArgs = (): string[] => [
  ...QUIET.filter(option => option !== '-nostdin'),
  ...['-benchmark', '-threads', '1', '-f', 'h264', '-i', 'pipe:0', '-f', 'null', '-'],
]
