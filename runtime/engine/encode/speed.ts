import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import type { Speed as Measured } from '../../contract/generated/engine.v1.ts'
import { sleep } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { ffmpegOnce } from '../ffmpeg/once.ts'
import { decodeSpeedArgs, encodeSpeedArgs, SPEED_PIXELS, sampleArgs } from '../ffmpeg/speed-command.ts'

/** The show goes first: it has begun, or failed to, by then. */
const BEGIN_AFTER_MS = 4_000
const RUN_MS = 6_000
const PRESETS = ['ultrafast', 'superfast', 'veryfast'] as const

/**
 * How fast this machine encodes and decodes: measured once, then kept, until processor or FFmpeg are others. What counts
 * is processor time, so a machine that is busy with a show measures the same; and the measuring gives way to the show.
 */
export class Speed {
  private measured: Measured | undefined
  private readonly stopping = new AbortController()
  private work: Promise<void> | undefined
  private readonly file: string
  private readonly log: Pick<Log, 'info' | 'warn'>
  private readonly changed: () => void

  constructor(file: string, log: Pick<Log, 'info' | 'warn'>, changed: () => void) {
    this.file = file
    this.log = log
    this.changed = changed
  }

  get state(): Measured | undefined {
    return this.measured
  }

  start(): void {
    this.work ??= this.find().catch(err => this.log.warn({ err }, 'the speed of this machine was not measured'))
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.work
  }

  private async find(): Promise<void> {
    const key = await machine()
    const kept = await readFile(this.file, 'utf8')
      .then(parsed)
      .catch(() => undefined)
    if (kept?.key === key) this.measured = kept
    else {
      await sleep(BEGIN_AFTER_MS, this.stopping.signal)
      const speed = await this.measure(key)
      if (!speed) return
      this.measured = speed
      await writeFile(this.file, `${JSON.stringify(speed)}\n`)
      this.log.info({ speed }, 'the speed of this machine was measured')
    }
    this.changed()
  }

  private async measure(key: string): Promise<Measured | undefined> {
    const idle = await this.seconds(encodeSpeedArgs())
    const rates: number[] = []
    for (const preset of PRESETS) rates.push(rate((await this.seconds(encodeSpeedArgs(preset))) - idle))
    const { out } = await ffmpegOnce(sampleArgs(), this.bounds())
    const decode = rate(await this.seconds(decodeSpeedArgs(), out))
    const [ultrafast, superfast, veryfast] = rates
    // Asked to stop in the middle, or FFmpeg failed: nothing that one could rely on.
    if (![...rates, decode].every(Number.isFinite)) return undefined
    return { key, cores: cpus().length, encode: { ultrafast, superfast, veryfast }, decode }
  }

  /** Processor seconds of one FFmpeg. */
  private async seconds(args: string[], input?: Buffer): Promise<number> {
    if (this.stopping.signal.aborted) return Number.NaN
    const { ok, said } = await ffmpegOnce(args, { ...this.bounds(), ...(input && { input }) })
    const times = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(said)
    return ok && times ? Number(times[1]) + Number(times[2]) : Number.NaN
  }

  /** Nobody waits for a measurement: on a busy machine, at its low priority, one takes seconds. */
  private bounds() {
    return { timeoutMs: RUN_MS, nice: 19, signal: this.stopping.signal }
  }
}

/** Megapixels per processor second. */
const rate = (seconds: number): number => Math.round(SPEED_PIXELS / 1e6 / Math.max(seconds, 0.01))

/** What the figures hold for. */
async function machine(): Promise<string> {
  const { out } = await ffmpegOnce(['-version'], { timeoutMs: RUN_MS })
  const version = /^ffmpeg version (\S+)/.exec(String(out))?.[1] ?? 'unknown'
  return `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, FFmpeg ${version}`
}

function parsed(text: string): Measured | undefined {
  const kept = JSON.parse(text) as Partial<Measured>
  return kept.key && kept.cores && kept.encode && kept.decode ? (kept as Measured) : undefined
}
