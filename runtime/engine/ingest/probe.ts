import { type ErrorCode, type Fault, fault, VistterError } from '../../contract/errors.ts'
import { spawnOwned } from '../../lib/child.ts'
import { monotonicMs } from '../../lib/clock.ts'
import { isCameraUrl, probeArgs, secretsOf } from '../ffmpeg/command.ts'
import { closeQuietly } from '../ffmpeg/pipes.ts'
import { FfmpegReport, type InputVideo } from '../ffmpeg/stderr.ts'
import { classify } from './classify.ts'
import { reach } from './reach.ts'
import { addressPipe } from './session.ts'

export interface ProbeTarget {
  url: string
  username?: string
  password?: string
}

export interface ProbeStep {
  step: 'reach' | 'auth' | 'stream'
  ok: boolean
  /** Why it failed. */
  code?: ErrorCode
  ms: number
  detail: string
  hint: string
}

export interface ProbeResult {
  ok: boolean
  steps: ProbeStep[]
  video?: InputVideo
  /** A JPEG as a `data:` address. */
  picture?: string
}

/** No small JPEG is larger (bytes): what is more is no picture. */
const LARGEST = 1_000_000

const REACH_MS = 4_000

/**
 * Tries a camera as the show would: is it there, does it accept the login, does a picture come out. It stops at the
 * first step that fails, and takes at most `timeoutMs` (default 14 s).
 */
export async function probe(target: ProbeTarget, timeoutMs = 14_000): Promise<ProbeResult> {
  if (!isCameraUrl(target.url)) {
    throw new VistterError('CAMERA_UNSUPPORTED', 'The address must begin with rtsp://, rtmp:// or http://.')
  }
  const begun = monotonicMs()
  const unreachable = await reach(target.url, { timeoutMs: Math.min(REACH_MS, timeoutMs) })
  const reached = monotonicMs()
  if (unreachable) return { ok: false, steps: [failed('reach', reached - begun, unreachable)] }
  const steps = [passed('reach', reached - begun, 'The device answers.')]

  const { problem, report, picture } = await firstPicture(target, timeoutMs - (reached - begun))
  const ms = monotonicMs() - reached
  if (problem?.code === 'CAMERA_AUTH') return { ok: false, steps: [...steps, failed('auth', ms, problem)] }
  // What did not answer has said nothing about the password either.
  if (problem?.code === 'CAMERA_UNREACHABLE' || (problem?.code === 'CAMERA_SILENT' && !report.video)) {
    return { ok: false, steps: [failed('reach', ms, problem)] }
  }
  steps.push(passed('auth', ms, target.username ? 'User name and password are right.' : 'No password is asked for.'))
  if (problem) {
    const page = problem.code === 'CAMERA_NOT_A_STREAM' ? await webPage(target.url) : undefined
    return { ok: false, steps: [...steps, failed('stream', ms, page ?? problem)] }
  }
  const { video } = report
  const what = video ? `${video.codec}, ${video.width}×${video.height}, ${video.fps} fps` : 'A picture came.'
  const seen = { ...(video && { video }), ...(picture && { picture }) }
  return { ok: true, steps: [...steps, passed('stream', ms, what)], ...seen }
}

const passed = (step: ProbeStep['step'], ms: number, detail: string): ProbeStep => ({
  step,
  ok: true,
  ms: Math.round(ms),
  detail,
  hint: '',
})

const failed = (step: ProbeStep['step'], ms: number, { code, detail, hint }: Fault): ProbeStep => ({
  step,
  ok: false,
  code,
  ms: Math.round(ms),
  detail,
  hint,
})

interface FirstPicture {
  problem?: Fault
  report: FfmpegReport
  picture?: string
}

/** Runs FFmpeg until it has decoded one picture. */
function firstPicture(target: ProbeTarget, timeoutMs: number): Promise<FirstPicture> {
  return new Promise(resolve => {
    const { read, input } = addressPipe(target, { thorough: true })
    const child = spawnOwned('ffmpeg', probeArgs(input), {
      stdio: ['ignore', 'pipe', 'pipe', 'ignore', read],
    })
    closeQuietly(read)
    const report = new FfmpegReport(secretsOf(target)).listen(child.stderr)
    const parts: Buffer[] = []
    child.stdout?.on('data', part => parts.push(part))
    const begun = monotonicMs()
    let silent = false
    const timer = setTimeout(() => {
      silent = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.once('error', () => {})
    child.once('close', code => {
      clearTimeout(timer)
      const seen = code === 0 && report.video !== undefined && !/nothing was encoded/.test(report.text)
      const ending = { said: report.text, hadFrames: false, silent, ranForMs: monotonicMs() - begun }
      resolve({ report, ...(seen ? dataOf(Buffer.concat(parts)) : { problem: classify(ending) }) })
    })
  })
}

const dataOf = (jpeg: Buffer): { picture?: string } =>
  jpeg.length > 0 && jpeg.length <= LARGEST ? { picture: `data:image/jpeg;base64,${jpeg.toString('base64')}` } : {}

/** Names the commonest mistake, a camera's web page in place of its stream. */
async function webPage(url: string): Promise<Fault | undefined> {
  if (!url.startsWith('http')) return undefined
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    const type = answer.headers.get('content-type') ?? ''
    if (!type.startsWith('text/html')) return undefined
    return fault('CAMERA_NOT_A_STREAM', 'The address answers with a web page, not with a video stream.')
  } catch {
    return undefined
  }
}
