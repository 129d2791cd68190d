import { QUIET } from './quiet.ts'

/** Encodes raw I420 from stdin into an MP4 that every player opens, in the colours of the program. */
export function clipArgs(
  file: string,
  { width, height, fps }: { width: number; height: number; fps: string },
): string[] {
  const colour = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv']
  return [
    ...QUIET.filter(option => option !== '-nostdin'),
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', fps, '-i', 'pipe:0'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', ...colour],
    ...['-movflags', '+faststart', '-y', `file:${file}`],
  ]
}
