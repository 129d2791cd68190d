import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import type { CameraSource, ClipSource, Picture } from '../../contract/generated/engine.v1.ts'
import { spawnOwned } from '../../lib/child.ts'
import { sleep } from '../../lib/clock.ts'
import {
  ADDRESS_FD,
  cameraAddress,
  cameraInput,
  clipInput,
  type IngestTraits,
  ingestArgs,
  secretsOf,
} from '../ffmpeg/command.ts'
import { closeQuietly, openPipe, openSocketPipe } from '../ffmpeg/pipes.ts'
import { FfmpegReport } from '../ffmpeg/stderr.ts'

/** Decoding is work that can wait: a late frame is shown late, a late mixer tick is a late program. */
const NICE = 5
/** FFmpeg's last words may come a moment after its end. */
const LAST_WORDS_MS = 500

/** One connection to a source: an FFmpeg, the pipe its frames come from, and what it says. */
export interface Session {
  child: ChildProcess
  /** Descriptor of the NUT stream; whoever takes it closes it. */
  frames: number | undefined
  report: FfmpegReport
  /** Resolves when nothing more will be said. */
  lastWords: Promise<unknown>
  /** It brings keyframes only. */
  keysOnly: boolean
  /** Its owner gave it up because no picture came. */
  silent: boolean
}

/** Starts FFmpeg for one connection, of which only keyframes may be wanted. `learned` is called when it has told what its input holds. */
export function openSession(
  source: CameraSource | ClipSource,
  picture: Picture,
  traits: IngestTraits,
  keysOnly: boolean,
  learned: () => void,
): Session {
  const frames = openSocketPipe()
  let address: number | 'ignore' = 'ignore'
  try {
    let input: string[]
    if (source.kind === 'clip') input = clipInput(source.file, source.loop)
    else ({ read: address, input } = addressPipe(source, traits, keysOnly))
    const fit = source.kind === 'camera' ? source.fit : undefined
    // Sound that nobody hears would only have to wait for the rare pictures.
    const told = { ...traits, silent: traits.silent || keysOnly }
    const child = spawnOwned('ffmpeg', ingestArgs(input, picture, told, fit), {
      nice: NICE,
      stdio: ['ignore', 'ignore', 'pipe', frames.write, address],
    })
    const report = new FfmpegReport(source.kind === 'camera' ? secretsOf(source) : [], learned).listen(child.stderr)
    const closed = child.stderr ? once(child.stderr, 'close').catch(() => {}) : Promise.resolve()
    const lastWords = once(child, 'exit').then(
      () => Promise.race([closed, sleep(LAST_WORDS_MS)]),
      () => {},
    )
    return { child, frames: frames.read, report, lastWords, keysOnly, silent: false }
  } catch (error) {
    closeQuietly(frames.read)
    throw error
  } finally {
    closeQuietly(frames.write)
    if (address !== 'ignore') closeQuietly(address)
  }
}

/** A pipe that holds a camera's address, for the child to read as its input. */
export function addressPipe(
  camera: { url: string; username?: string; password?: string },
  traits: Pick<IngestTraits, 'thorough'>,
  keysOnly = false,
): { read: number; input: string[] } {
  const script = cameraAddress(camera, traits)
  const pipe = openPipe()
  writeSync(pipe.write, script.address)
  closeQuietly(pipe.write)
  return { read: pipe.read, input: cameraInput(script, ADDRESS_FD, keysOnly) }
}
