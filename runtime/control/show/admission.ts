import { VistterError } from '../../contract/errors.ts'
import type { EngineState, Profile, Speed } from '../../contract/generated/engine.v1.ts'
import { type PlanFacts, plan } from './plan.ts'

/** An encoder must be able to go this much faster than the show, or every hiccup becomes a lost frame. */
const HEADROOM = 1.2
/** Mixing and moving pictures, as pixels per core second: far less than coding them. */
const MIXING = 1e9
/** Slower presets than were measured take about so many times as long as `veryfast`. */
const SLOWER: Record<string, number> = { faster: 1.6, fast: 2, medium: 2.4 }

const SIZES = [2160, 1440, 1080, 720, 540, 480, 360, 240]

export interface Load {
  speed: Speed
  /** Pictures that are decoded, as pixels a second. */
  decoded: number
  /** Profiles that are encoded already. */
  running: Profile[]
}

const pixels = ({ width, height, fps }: { width: number; height: number; fps: number }): number => width * height * fps

/** Cores that an encoder takes at the fastest preset it may use. */
function cost({ encode }: Speed, profile: Profile): number {
  const { preset = 'ultrafast' } = profile
  const slower = SLOWER[preset]
  const rate = preset === 'ultrafast' || preset === 'superfast' ? encode[preset] : encode.veryfast / (slower ?? 1)
  return pixels(profile) / (rate * 1e6)
}

/** Whether this machine can encode the profile at 1.2 × real time besides all that it does already. Pure. */
export function holds({ speed, decoded, running }: Load, profile: Profile): boolean {
  const others = running.reduce((sum, each) => sum + cost(speed, each), 0)
  const busy = decoded / (speed.decode * 1e6) + pixels(profile) / MIXING + others
  return cost(speed, profile) * HEADROOM <= speed.cores - busy
}

/** The profile nearest to the wanted one that this machine can hold; undefined when there is none. */
export function fitting(load: Load, wanted: Profile): Profile | undefined {
  const candidates = SIZES.flatMap(lines => [wanted.fps, 30, 25, 15].map(fps => scaled(wanted, lines, fps)))
  const smaller = candidates.filter(
    ({ width, height, fps }) => width <= wanted.width && height <= wanted.height && fps <= wanted.fps,
  )
  const { preset: _, ...free } = wanted
  return [free, ...smaller.sort((a, b) => pixels(b) - pixels(a))].find(profile => holds(load, profile))
}

/** The same shape with so many lines on its shorter side, at a rate; as many bits a pixel, without a preset of its own. */
function scaled({ preset: _, ...wanted }: Profile, lines: number, fps: number): Profile {
  const factor = lines / Math.min(wanted.width, wanted.height)
  const even = (value: number) => 2 * Math.round((value * factor) / 2)
  const size = { ...wanted, width: even(wanted.width), height: even(wanted.height), fps }
  const bits = wanted.videoBitrate * (pixels(size) / pixels(wanted)) ** 0.75
  return { ...size, videoBitrate: Math.max(100, Math.round(bits / 50) * 50) }
}

/** What the cameras cost now: those whose picture is known. */
export const decodedBy = (engine: Pick<EngineState, 'sources'>): number =>
  engine.sources.reduce((sum, { status, video }) => sum + (video && status !== 'offline' ? pixels(video) : 0), 0)

/**
 * Throws ENCODER_TOO_HEAVY where what comes with the facts after is too much besides what runs already. Before the machine
 * was measured nothing is refused.
 */
export function weigh(state: EngineState | undefined, name: string, before: PlanFacts, after: PlanFacts): void {
  const { speed } = state ?? {}
  if (!state || !speed || state.hardware?.encoders.some(({ works }) => works)) return
  const running = plan(before).encoders
  const [added] = plan(after).encoders.filter(({ id }) => !running.some(encoder => encoder.id === id))
  const load = { speed, decoded: decodedBy(state), running: running.map(({ profile }) => profile) }
  if (added && !holds(load, added.profile)) throw tooHeavy(name, added.profile, fitting(load, added.profile))
}

function tooHeavy(name: string, { width, height, fps }: Profile, fits: Profile | undefined): VistterError {
  const asked = `${name} asks for ${width}×${height} at ${fps} frames per second, which this machine cannot encode`
  const instead = fits
    ? `${fits.width}×${fits.height} at ${fits.fps} fits`
    : 'not even a small picture fits besides what runs'
  return new VistterError('ENCODER_TOO_HEAVY', `${asked}; ${instead}.`, fits ? { fits } : {})
}
