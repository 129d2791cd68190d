import type { Declaration, SourceFeed } from '../contract/flow.ts'
import type {
  SourceRef,
  WiredDriver,
  WiredOutput,
  WiredPicture,
  WiredProgram,
  WiredRecorder,
  WiredSound,
  WiredTimeline,
  Wiring,
} from '../contract/generated/wiring.v1.ts'

/**
 * The document that declarations add up to. Canonical: the same wires give the same document whatever the nodes are
 * called, wherever they stand, and in whichever order their messages came. Pure.
 */
export function wiringOf(declarations: readonly Declaration[]): Wiring {
  const programs = new Map<string, SourceFeed[]>()
  const pictures = new Map<string, WiredPicture[]>()
  const sounds = new Map<string, WiredSound[]>()
  const outputs: WiredOutput[] = []
  const recorders: WiredRecorder[] = []
  const drivers: WiredDriver[] = []
  const timelines: WiredTimeline[] = []
  for (const declared of declarations) {
    if (declared.kind === 'output') {
      const { program, overlays, profile } = declared.feed
      outputs.push({ destination: declared.destination, program, overlays, profile })
    } else if (declared.kind === 'recorder') {
      const { program, overlays, profile } = declared.feed
      recorders.push({ program, overlays, profile })
    } else if (declared.kind === 'driver') {
      drivers.push(declared.driver)
    } else if (declared.kind === 'timeline') {
      timelines.push({ timeline: declared.timeline, program: declared.program })
    } else {
      const feeds = programs.get(declared.program) ?? []
      programs.set(declared.program, declared.kind === 'source' ? [...feeds, declared.feed] : feeds)
      if (declared.kind === 'program') {
        note(pictures, declared.program, declared.picture)
        note(sounds, declared.program, declared.sound)
      }
    }
  }
  return {
    programs: [...programs]
      .map(([id, feeds]) => programOf(id, feeds, pictures.get(id) ?? [], sounds.get(id) ?? []))
      .sort(byText),
    outputs: unique(outputs.map(canonical)).sort(byText),
    ...(recorders.length > 0 && { recorders: unique(recorders.map(canonical)).sort(byText) }),
    ...(drivers.length > 0 && { drivers: unique(drivers.map(canonical)).sort(byText) }),
    ...(timelines.length > 0 && { timelines: unique(timelines.map(canonical)).sort(byText) }),
  }
}

function note<T>(all: Map<string, T[]>, program: string, said: T | undefined): void {
  if (said) all.set(program, [...(all.get(program) ?? []), said])
}

/** Two nodes of the same program that disagree about its picture or sound: the first in the canonical order rules, not the luckier one. */
function programOf(id: string, feeds: SourceFeed[], pictures: WiredPicture[], sounds: WiredSound[]): WiredProgram {
  const inRole = (role: SourceFeed['role']) => feeds.filter(feed => feed.role === role)
  const [picture] = pictures.map(canonical).sort(byText)
  const [sound] = sounds.map(canonical).sort(byText)
  return {
    id,
    ...(picture && { picture }),
    ...(sound && { sound }),
    // Sources have no order among them: which one is on air is decided by takes.
    sources: unique(inRole('source').map(({ source }) => canonical(source))).sort(byText),
    fallback: unique(
      inRole('fallback')
        .sort(byOrder)
        .map(({ source }) => canonical(source)),
    ),
  }
}

const byOrder = (a: SourceFeed, b: SourceFeed): number => a.order - b.order || byText(a.source, b.source)

function byText(a: unknown, b: unknown): number {
  const [x, y] = [JSON.stringify(canonical(a)), JSON.stringify(canonical(b))]
  return x < y ? -1 : x > y ? 1 : 0
}

/** The same value with its keys sorted, so that equal things have equal texts. */
function canonical<T>(value: T): T {
  if (Array.isArray(value)) return value.map(canonical) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)])) as T
}

const unique = <T>(items: T[]): T[] => [...new Map(items.map(item => [JSON.stringify(item), item])).values()]

export const sameWiring = (a: Wiring | undefined, b: Wiring | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Whether everything that `before` names is still there in `after`: then nothing would stop. */
export function losesNothing(before: Wiring, after: Wiring): boolean {
  const has = <T extends SourceRef | WiredOutput | WiredRecorder | WiredDriver | WiredTimeline>(items: T[], item: T) =>
    items.some(other => JSON.stringify(other) === JSON.stringify(item))
  return (
    before.outputs.every(output => has(after.outputs, output)) &&
    (before.recorders ?? []).every(recorder => has(after.recorders ?? [], recorder)) &&
    (before.drivers ?? []).every(driver => has(after.drivers ?? [], driver)) &&
    (before.timelines ?? []).every(timeline => has(after.timelines ?? [], timeline)) &&
    before.programs.every(({ id, sources, fallback }) => {
      const now = after.programs.find(program => program.id === id)
      if (!now) return false
      return sources.every(each => has(now.sources, each)) && fallback.every(each => has(now.fallback, each))
    })
  )
}
