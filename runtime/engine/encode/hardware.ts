import type { Hardware as Found, Trial } from '../../contract/generated/engine.v1.ts'
import { within } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { decodeSampleArgs, decodeTrialArgs, HARDWARE_DECODERS, type HardwareDecoder } from '../ffmpeg/decoders.ts'
import { trialArgs } from '../ffmpeg/encoder-command.ts'
import { type H264Encoder, HARDWARE_ENCODERS, SOFTWARE } from '../ffmpeg/h264.ts'
import { ffmpegOnce, type Ran } from '../ffmpeg/once.ts'
import { FlvParser } from './flv.ts'
import { Keepsake } from './keepsake.ts'

/** A driver that hangs is one that does not work. */
const TRIAL_MS = 4_000
/** How long the first encoder waits for the trials; where there is nothing they take a tenth of this. */
const WAIT_MS = 2_500
const CAMERA_WAIT_MS = 1_000
const RATE = { num: 30, den: 1 }
const PROFILE = { width: 1280, height: 720, fps: 30, videoBitrate: 2_500, audioBitrate: 128, keyframeInterval: 1 }

/** Which hardware really encodes and decodes here. A driver's name says nothing: it is tried, once, at the start. */
export class Hardware {
  private trials: Promise<Found> | undefined
  private found: Found | undefined
  private readonly log: Pick<Log, 'info'>
  private readonly run: typeof ffmpegOnce
  private readonly keepsake: Keepsake

  /** `file`: where what was found is left for the successor of an engine that crashes. */
  constructor(log: Pick<Log, 'info'>, run: typeof ffmpegOnce = ffmpegOnce, file?: string) {
    this.log = log
    this.run = run
    this.keepsake = new Keepsake(file)
  }

  start(): void {
    this.found = this.keepsake.read()
    this.trials ??= this.found ? Promise.resolve(this.found) : this.tryAll()
  }

  /** An orderly end: the next start tries anew. */
  stop(): void {
    this.keepsake.forget()
  }

  /** Undefined until the trials are done. */
  get state(): Found | undefined {
    return this.found
  }

  /** The encoders to use, best first; the last one is software. */
  async encoders(): Promise<readonly H264Encoder[]> {
    // Slow drivers must not keep a show from going on air: it begins in software.
    const found = await within(WAIT_MS, 'trials', this.trials ?? this.tryAll()).catch(() => undefined)
    return encodersOf(found)
  }

  /** Likewise the decoders of hardware; software is not among them. A camera that is wanted on air waits less than an encoder. */
  async decoders(): Promise<readonly HardwareDecoder[]> {
    const found = await within(CAMERA_WAIT_MS, 'trials', this.trials ?? this.tryAll()).catch(() => undefined)
    return HARDWARE_DECODERS.filter(name => found?.decoders.some(trial => trial.name === name && trial.works))
  }

  /** The same encoders, by what is known now. */
  get known(): readonly H264Encoder[] {
    return encodersOf(this.found)
  }

  private async tryAll(): Promise<Found> {
    const sample = this.run(decodeSampleArgs(), { timeoutMs: TRIAL_MS })
    const [encoders, decoders] = await Promise.all([
      Promise.all(HARDWARE_ENCODERS.map(name => this.tryEncoder(name))),
      Promise.all(HARDWARE_DECODERS.map(async name => this.tryDecoder(name, (await sample).out))),
    ])
    this.found = { encoders, decoders }
    this.keepsake.write(this.found)
    this.log.info({ hardware: this.found }, 'hardware was tried')
    return this.found
  }

  private async tryEncoder(name: H264Encoder): Promise<Trial> {
    const ran = await this.run(trialArgs(PROFILE, RATE, { encoder: name, preset: 'veryfast' }), { timeoutMs: TRIAL_MS })
    return verdict(name, ran.ok && !isShow(ran.out) ? { ...ran, ok: false, why: 'its stream is not usable' } : ran)
  }

  private async tryDecoder(name: HardwareDecoder, input: Buffer): Promise<Trial> {
    if (input.length === 0) return { name, works: false, why: 'there was nothing to decode' }
    return verdict(name, await this.run(decodeTrialArgs(name), { timeoutMs: TRIAL_MS, input }))
  }
}

const verdict = (name: string, { ok, why }: Ran): Trial => ({ name, works: ok, ...(ok ? {} : { why }) })

function encodersOf(found: Found | undefined): readonly H264Encoder[] {
  const working = HARDWARE_ENCODERS.filter(name => found?.encoders.some(trial => trial.name === name && trial.works))
  return [...working, SOFTWARE]
}

/** What a platform needs of one second: a sequence header, then a keyframe, then nearly every picture, in order. */
function isShow(flv: Buffer): boolean {
  const pictures: number[] = []
  let header = false
  let good = true
  try {
    new FlvParser(({ kind, header: isHeader, keyframe, timestamp }) => {
      if (kind !== 'video') return
      if (isHeader) header = true
      else {
        if (pictures.length === 0) good = header && keyframe
        if (timestamp <= (pictures.at(-1) ?? -1)) good = false
        pictures.push(timestamp)
      }
    }).push(flv)
  } catch {
    return false
  }
  return good && pictures.length >= RATE.num - 2
}
