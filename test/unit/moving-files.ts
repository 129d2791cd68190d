import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** What the files show: each picture for 100 ms, its left half in its colour, the right half empty but for a square. */
export const MOVING = {
  width: 64,
  height: 36,
  colours: [
    [200, 30, 40],
    [20, 160, 60],
    [30, 60, 210],
    [240, 240, 240],
  ],
}

const CODECS: Readonly<Record<string, readonly string[]>> = {
  'moving.gif': ['-filter_complex', 'split[a][b];[a]palettegen[p];[b][p]paletteuse=alpha_threshold=128'],
  'moving.png': ['-f', 'apng'],
  'moving.webp': ['-c:v', 'libwebp_anim', '-lossless', '1', '-loop', '0'],
  'vp8.webm': ['-c:v', 'libvpx', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0', '-crf', '4', '-b:v', '2M'],
  'vp9.webm': ['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0', '-crf', '4', '-b:v', '0'],
}

export const MOVING_FILES = Object.keys(CODECS)

/** Writes them into a folder. */
export function writeMovingFiles(folder: string): void {
  const { width, height, colours } = MOVING
  const raw = Buffer.alloc(width * height * 4 * colours.length)
  for (const [n, colour] of colours.entries())
    for (let i = 0; i < width * height; i++) {
      const x = i % width
      const square = x >= 40 && x < 52 && Math.floor(i / width) >= 4 + 6 * n && Math.floor(i / width) < 12 + 6 * n
      if (x < 32 || square) raw.set([...colour, 255], (n * width * height + i) * 4)
    }
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-r', '10', '-i', 'pipe:0']
  for (const [name, args] of Object.entries(CODECS))
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...args, join(folder, name)], { input: raw })
}
