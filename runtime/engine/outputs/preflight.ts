import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type ErrorCode, type Fault, VistterError } from '../../contract/errors.ts'
import type { HttpProxy } from '../../contract/generated/engine.v1.ts'
import { type Clock, sleep, within } from '../../lib/clock.ts'
import { checkFolder } from './preflight-file.ts'
import { srtAnswers } from './preflight-srt.ts'
import { publishRtmp, type Stage } from './rtmp/publisher.ts'
import { type RtmpTarget, rtmpTarget } from './rtmp/url.ts'

export interface PreflightTarget {
  url: string
  streamKey?: string
  proxy?: HttpProxy
  /** The destination is on air now: its key is in use, and what it sends is the measure of the uplink. */
  live?: { videoBitrate: number; queueSeconds: number }
}

export interface PreflightStep {
  step: 'proxy' | 'dns' | 'uplink' | 'folder' | Stage
  ok: boolean
  ms: number
  /** Why it failed. */
  code?: ErrorCode
  detail: string
  hint: string
}

export interface PreflightResult {
  ok: boolean
  steps: PreflightStep[]
}

const DNS_MS = 3_000
const TOTAL_MS = 8_500
/** Some servers check a key only after having said yes. */
const CHANGE_OF_MIND = 1_200

const PASSED: Record<Stage, string> = {
  tcp: 'The server accepts connections.',
  tls: 'Its certificate is trusted.',
  handshake: 'It speaks RTMP.',
  connect: 'It knows the application.',
  key:
    'It accepted the stream key; no picture was sent, so nothing went public. Some platforms look at a key only when ' +
    'pictures come: a wrong one may pass here.',
}
const KEY_IN_USE = 'Not tried: the destination is on air with it, and a second stream could end the first.'
const UPLINK =
  'Not measured: a server takes no data without a broadcast. Once live, "queueSeconds" tells whether the uplink is enough.'

/** Tries a destination out, step by step, without going public; ends at the first step that fails, within 10 s. */
export async function preflight(target: PreflightTarget, clock: Clock): Promise<PreflightResult> {
  const report = new Report(clock)
  try {
    if (/^file:/i.test(target.url)) report.passed('folder', checkFolder(target.url))
    else if (/^srt:/i.test(target.url)) await trySrt(target, report)
    else await tryRtmp(target, report, clock)
  } catch (thrown) {
    if (!(thrown instanceof VistterError)) throw thrown
    report.failed(thrown.fault)
  }
  return { ok: report.steps.every(({ ok }) => ok), steps: report.steps }
}

async function tryRtmp(target: PreflightTarget, report: Report, clock: Clock): Promise<void> {
  const { url, streamKey, proxy, live } = target
  const rtmp = rtmpTarget(url, streamKey, proxy)
  // Behind a proxy it is the proxy that knows names.
  if (!proxy) await findHost(rtmp.host, report)
  if (live) await tryUpTo('connect', rtmp, report, clock)
  else await tryUpTo('key', rtmp, report, clock)
  if (live) report.passed('key', KEY_IN_USE)
  report.passed('uplink', live ? uplinkOf(live) : UPLINK)
}

async function tryUpTo(last: Stage, target: RtmpTarget, report: Report, clock: Clock): Promise<void> {
  const order: Stage[] = ['tcp', ...(target.secure ? (['tls'] as const) : []), 'handshake', 'connect', 'key']
  const enough = new Error('as far as it was to go')
  report.expect(target.proxy ? 'proxy' : 'tcp')
  const reached = (stage: Stage) => {
    if (stage === 'tcp' && target.proxy) report.passed('proxy', 'It opened a way to the server.')
    else if (stage !== 'key') report.passed(stage, PASSED[stage])
    if (stage === last && stage !== 'key') throw enough
    report.expect(order[order.indexOf(stage) + 1] ?? stage)
  }
  try {
    const connection = await publishRtmp(target, clock, AbortSignal.timeout(TOTAL_MS - report.elapsed), reached)
    const no = await Promise.race([connection.lost, sleep(CHANGE_OF_MIND)])
    await connection.close()
    if (no) throw no
    report.passed('key', PASSED.key)
  } catch (thrown) {
    if (thrown !== enough) throw thrown
  }
}

async function trySrt({ url, live }: PreflightTarget, report: Report): Promise<void> {
  const { hostname, port, searchParams } = new URL(url)
  if (!hostname || searchParams.get('mode') === 'listener') {
    report.passed('handshake', 'Nothing to try: this address waits for receivers to call.')
    return
  }
  const host = hostname.replace(/^\[|\]$/g, '')
  const address = await findHost(host, report)
  report.expect('handshake')
  await srtAnswers(host, address, Number(port))
  report.passed('handshake', 'It answers as an SRT server does.')
  report.passed(
    'key',
    live ? KEY_IN_USE : 'Not tried: SRT shows pass phrase and stream id only together with the stream.',
  )
  report.passed('uplink', live ? uplinkOf(live) : UPLINK)
}

async function findHost(host: string, report: Report): Promise<string> {
  report.expect('dns')
  const found = await within(DNS_MS, 'no answer', lookup(host)).catch(() => {
    throw new VistterError('OUTPUT_UNKNOWN_HOST', `No server is known by the name ${host}.`)
  })
  report.passed('dns', isIP(host) ? `${host} is an address.` : `${host} is ${found.address}.`)
  return found.address
}

const uplinkOf = ({ videoBitrate, queueSeconds }: { videoBitrate: number; queueSeconds: number }): string =>
  `It takes ${Math.round(videoBitrate)} kbit/s of pictures now, and ${queueSeconds} s of them wait.`

/** The steps so far, each with the time since the one before. */
class Report {
  readonly steps: PreflightStep[] = []
  private next: PreflightStep['step'] = 'folder'
  private readonly began: number
  private last: number
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
    this.began = clock.mono()
    this.last = this.began
  }

  get elapsed(): number {
    return Math.round(this.clock.mono() - this.began)
  }

  /** What fails from here on is this step. */
  expect(step: PreflightStep['step']): void {
    this.next = step
  }

  passed(step: PreflightStep['step'], detail: string): void {
    this.steps.push({ step, ok: true, ms: this.lap(), detail, hint: '' })
  }

  failed({ code, detail, hint }: Fault): void {
    this.steps.push({ step: this.next, ok: false, ms: this.lap(), code, detail, hint })
  }

  private lap(): number {
    const now = this.clock.mono()
    const ms = Math.round(now - this.last)
    this.last = now
    return ms
  }
}
