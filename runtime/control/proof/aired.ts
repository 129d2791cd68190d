import type { EngineEvent } from '../../contract/generated/engine.v1.ts'
import type { Entry } from './chain.ts'
import type { Circumstances } from './surroundings.ts'

/** What the engine tells of one unbroken time on air, as the mixer counted it. Times in UTC ms, of frames. */
export interface Told {
  program: string
  /** Of an element of an overlay: what shows it, and which it is. */
  overlay: string | null
  cue: string | null
  /** Of a picture: what is shown. */
  source: string | null
  /** Of what has an asset: its id and the content that was shown. */
  asset: string | null
  sha256: string | null
  firstAt: number
  lastAt: number
  frames: number
  /** What it looked like: sha256 of a picture that may be kept still. */
  picture?: string
  /** Whether it has left the air. One that has not and never will be told again ended with the engine. */
  ended: boolean
}

/** What is known of a thing beyond its id; kept as it was, whatever becomes of the thing. */
export interface Known {
  /** What people called it. */
  name: string | null
  /** Of the asset's rights; those that begin with `advertiser:` say for whom it is shown. */
  tags: readonly string[]
  /** Of the document that showed it. */
  version: string | null
}

/** What stands in a row of proof. */
export interface Aired extends Omit<Told, 'firstAt' | 'lastAt'>, Known, Circumstances {
  segment: { id: string; version: string } | null
  /** An earlier release counted it, which kept nothing of what was the case. */
  inherited?: true
}

/** How the engine's events are called; both are kept apart from the activity log that people read. */
export const AIRED = { 'overlay.aired': 'overlay', 'program.shown': 'picture' } as const
export type AiredKind = (typeof AIRED)[keyof typeof AIRED]

const ADVERTISER = 'advertiser:'
const SHA256 = /^[0-9a-f]{64}$/

/** For whom something with these tags is shown. */
export function advertisersOf(tags: readonly string[]): string[] {
  const named = tags.filter(tag => tag.toLowerCase().startsWith(ADVERTISER))
  return [...new Set(named.map(tag => tag.slice(ADVERTISER.length).trim()))].filter(name => name !== '')
}

/** Undefined: the event does not say what it should. */
export function toldBy({ type, data }: Pick<EngineEvent, 'type' | 'data'>): Told | undefined {
  const told = (data ?? {}) as Record<string, unknown>
  const { program, asset = null, sha256 = null, firstAt, lastAt, frames, ended, picture } = told
  const kind = kindOf(type)
  if (!kind || !isText(program) || !isTextOrNull(asset) || !isTextOrNull(sha256)) return undefined
  if (!isNumber(firstAt) || !isNumber(lastAt) || !isNumber(frames)) return undefined
  const what = kind === 'overlay' ? [told.overlay, told.cue] : [told.source]
  if (!what.every(isText)) return undefined
  const [first = null, second = null] = what
  const [overlay, cue, source] = kind === 'overlay' ? [first, second, null] : [null, null, first]
  const facts = { program, overlay, cue, source, asset, sha256, firstAt, lastAt, frames, ended: ended === true }
  return isText(picture) && SHA256.test(picture) ? { ...facts, picture } : facts
}

export const kindOf = (type: string): AiredKind | undefined =>
  Object.hasOwn(AIRED, type) ? AIRED[type as keyof typeof AIRED] : undefined

/** Its entry: told again, it is the same one with more frames. */
export function entryOf(kind: AiredKind, { firstAt, lastAt, ...told }: Told, known: Omit<Aired, keyof Told>): Entry {
  const { program, overlay, cue, source, asset, sha256 } = told
  const subject = JSON.stringify([program, overlay ?? source, cue, asset, sha256])
  return { kind, subject, firstAt, lastAt, facts: { ...told, ...known } satisfies Aired }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value)
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
