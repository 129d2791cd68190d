import { once } from 'node:events'
import { VistterError } from '../../contract/errors.ts'
import { exitReason, spawnOwned } from '../../lib/child.ts'
import { clipArgs } from '../ffmpeg/clip-command.ts'
import { FfmpegReport } from '../ffmpeg/stderr.ts'

interface Shape {
  width: number
  height: number
  /** Frames a second, as FFmpeg reads it. */
  fps: string
}

/** Encodes I420 frames to an MP4 file, no faster than they can be. Rejects with ENCODER_FAILED. */
export async function writeClip(file: string, shape: Shape, frames: AsyncIterable<Uint8Array>): Promise<void> {
  const child = spawnOwned('ffmpeg', clipArgs(file, shape), { stdio: ['pipe', 'ignore', 'pipe'], nice: 10 })
  const report = new FfmpegReport().listen(child.stderr)
  const ended = new Promise<string | undefined>(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : exitReason(code, signal)))
  })
  const { stdin } = child
  // One that ends early is told by its end.
  stdin?.on('error', () => {})
  for await (const frame of frames) if (stdin && !stdin.write(frame)) await Promise.race([once(stdin, 'drain'), ended])
  stdin?.end()
  const why = await ended
  if (why !== undefined) throw new VistterError('ENCODER_FAILED', `${file} was not written: ${report.lines[0] ?? why}.`)
}
