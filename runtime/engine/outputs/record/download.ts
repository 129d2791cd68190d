import { readdir } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { spawnOwned } from '../../../lib/child.ts'
import { isPiece } from './piece-name.ts'

export type DownloadFormat = 'mp4' | 'ts'

const FORMATS: Record<DownloadFormat, { type: string; args: string[] }> = {
  mp4: {
    type: 'video/mp4',
    // Written to a pipe, so without a table of contents that would need a second look at the beginning.
    args: ['-bsf:a', 'aac_adtstoasc', '-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4'],
  },
  ts: { type: 'video/mp2t', args: ['-f', 'mpegts'] },
}

/** A download must not take the machine from the show. */
const NICE = 15

/** Sends the pieces of a folder as one file whose time has no gaps. Answers false, having sent nothing, where there is none. */
export async function sendRecording(
  folder: string,
  format: DownloadFormat,
  response: ServerResponse,
): Promise<boolean> {
  const names = (await readdir(folder).catch((): string[] => [])).filter(isPiece).sort()
  if (names.length === 0) return false
  // Whoever left meanwhile would never take what an FFmpeg has for it, nor end it.
  if (response.destroyed) return true
  const { type, args } = FORMATS[format]
  // A name without its protocol would be taken as one of the pipe that the list comes by.
  const list = names.map(name => `file 'file:${join(folder, name).replaceAll("'", "'\\''")}'\n`).join('')
  const input = ['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,pipe,fd', '-i', 'pipe:0']
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostats']
  const child = spawnOwned(
    'ffmpeg',
    [...quiet, ...input, '-map', '0:v', '-map', '0:a?', '-c', 'copy', ...args, 'pipe:1'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      nice: NICE,
    },
  )
  child.once('error', () => response.destroy())
  child.stdin?.on('error', () => {}) // it ended early; the exit says so
  child.stdin?.end(list)
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
  child.stdout?.pipe(response, { end: false })
  // A file that is cut short must not look whole: the connection breaks instead of ending.
  child.once('close', code => (code === 0 ? response.end() : response.destroy()))
  response.once('close', () => child.kill('SIGKILL'))
  return true
}
