import type { Readable } from 'node:stream'
import { exitReason, spawnOwned } from '../../lib/child.ts'
import { FfmpegReport } from './stderr.ts'

export interface Ran {
  ok: boolean
  out: Buffer
  /** The last lines that it said. */
  said: string
  /** Why it is not ok, in a few words. */
  why: string
}

interface Options {
  input?: Buffer
  timeoutMs: number
  nice?: number
  /** Descriptors that it gets as its 3, 4, … */
  also?: number[]
  /** Ends it before its time. */
  signal?: AbortSignal
}

/** Runs one FFmpeg to its end, or kills it at the bound or the signal. Never rejects. */
export function ffmpegOnce(args: string[], { input, timeoutMs, nice, also = [], signal }: Options): Promise<Ran> {
  return new Promise(resolve => {
    const child = spawnOwned('ffmpeg', args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe', ...also], nice })
    const report = new FfmpegReport().listen(child.stderr)
    const out: Buffer[] = []
    collect(child.stdout, out)
    // One that fails at once reads nothing; why is in what it said.
    child.stdin?.on('error', () => {}).end(input)
    const kill = () => child.kill('SIGKILL')
    const timer = setTimeout(kill, timeoutMs)
    signal?.addEventListener('abort', kill)
    if (signal?.aborted) kill()
    const done = (ok: boolean, reason: string) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
      // What it said of itself is no reason for an end that was asked for.
      const why = signal?.aborted ? reason : (report.lines[0] ?? reason)
      resolve({ ok, out: Buffer.concat(out), said: report.text, why: ok ? '' : why })
    }
    child.once('error', error => done(false, error.message))
    child.once('close', (code, signal) => done(code === 0, exitReason(code, signal)))
  })
}

function collect(stream: Readable | null, chunks: Buffer[]): void {
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
}
