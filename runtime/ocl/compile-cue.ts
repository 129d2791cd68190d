import type { Automation, Cue, CueSync, Sync } from '../contract/generated/ocl.v1.ts'
import { normalColor } from './color.ts'
import { type Envelope, envelopeOf, type Key } from './envelope.ts'
import { type Motion, motionOf } from './motion.ts'
import { type CompiledSlides, slidesOf } from './slides.ts'
import { parseDuration, parseTime } from './time.ts'
import type { Cut } from './types.ts'

export interface Wait {
  presets: string[]
  milestones: string[]
  timeout: number
  otherwise: 'play' | 'skip' | 'fallback'
}

export type Side = keyof Cut

/** A cue with every time in ms on the timeline and every property as an envelope. */
export interface CompiledCue {
  cue: Cue
  /** JSON pointer */
  path: string
  /** ms on the timeline, before any waiting */
  start: number
  duration: number
  in?: Motion
  out?: Motion
  opacity: Envelope<number>
  x: Envelope<number>
  y: Envelope<number>
  scale: Envelope<number>
  rotation: Envelope<number>
  crop: Record<Side, Envelope<number>>
  /** Whether it is ever turned, and ever cropped. */
  turns: boolean
  cuts: boolean
  /** Only of text cues. */
  text?: Envelope<string>
  /** Only where they are automated. */
  color?: Envelope<string>
  number?: { envelope: Envelope<number>; format: NonNullable<Automation['format']> | undefined }
  scroll?: Envelope<number>
  slides?: CompiledSlides
  wait?: Wait
}

const DEFAULT_TIMEOUT = 10_000

const SIDES: Side[] = ['left', 'top', 'right', 'bottom']

export function compileCue(
  cue: Cue,
  path: string,
  sceneStart: number,
  apart: CueSync | undefined,
  rate: number,
): CompiledCue {
  const start = onTimeline(cue.start, sceneStart, rate)
  const { opacity = 1, position, scale = 1, rotation = 0, text } = cue.properties ?? {}
  const numbers = (property: string, value: number) => automated(cue, start, rate, property, isNumber) ?? held(value)
  const side = (name: Side) => numbers(`crop.${name}`, cue.properties?.crop?.[name] ?? 0)
  const crop = { left: side('left'), top: side('top'), right: side('right'), bottom: side('bottom') }
  const turned = numbers('rotation', rotation)
  const counting = automated(cue, start, rate, 'number', isNumber)
  return {
    cue,
    path,
    start,
    duration: parseDuration(cue.duration, rate) ?? 0,
    in: motionOf(cue.transition?.in, rate),
    out: motionOf(cue.transition?.out, rate),
    opacity: numbers('opacity', opacity),
    x: numbers('position.x', position?.x ?? 0),
    y: numbers('position.y', position?.y ?? 0),
    scale: numbers('scale', scale),
    rotation: turned,
    crop,
    turns: turned.some(({ value }) => value % 360 !== 0),
    cuts: SIDES.some(name => crop[name].some(({ value }) => value !== 0)),
    text: cue.text && (automated(cue, start, rate, 'text', isString) ?? held(text ?? cue.text.value)),
    color: automated(cue, start, rate, 'color', isString)?.map(key => ({ ...key, value: normalColor(key.value) })),
    number: counting && {
      envelope: counting,
      format: cue.automation?.findLast(({ property }) => property === 'number')?.format,
    },
    scroll: cue.text?.ticker && automated(cue, start, rate, 'scroll', isNumber),
    slides: cue.slides && slidesOf(cue.slides, rate),
    wait: waitOf({ ...apart, ...cue.sync }, rate),
  }
}

export function onTimeline(time: unknown, base: number, rate: number): number {
  const moment = parseTime(time, rate) ?? { ms: 0, absolute: false }
  return moment.absolute ? moment.ms : base + moment.ms
}

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isString = (value: unknown): value is string => typeof value === 'string'

const held = <T>(value: T): Envelope<T> => [{ at: 0, value }]

/** Of two automations of one property the later written one holds. Undefined: there is none. */
function automated<T>(
  cue: Cue,
  start: number,
  rate: number,
  property: string,
  is: (value: unknown) => value is T,
): Envelope<T> | undefined {
  const automation = cue.automation?.findLast(candidate => candidate.property === property)
  const keys = (automation?.keyframes ?? []).flatMap((keyframe): Key<T>[] =>
    is(keyframe.value)
      ? [{ at: onTimeline(keyframe.at, start, rate) - start, value: keyframe.value, easing: keyframe.easing }]
      : [],
  )
  return keys.length > 0 ? envelopeOf(keys) : undefined
}

function waitOf(sync: Sync, rate: number): Wait | undefined {
  const { awaitPreset, awaitMilestone, timeout, otherwise = 'play' } = sync
  if (awaitPreset === undefined && awaitMilestone === undefined) return undefined
  return {
    presets: awaitPreset === undefined ? [] : [awaitPreset],
    milestones: awaitMilestone === undefined ? [] : [awaitMilestone],
    timeout: parseDuration(timeout, rate) ?? DEFAULT_TIMEOUT,
    otherwise,
  }
}
