import { reactive } from 'vue'
import type {
  Camera,
  Destination,
  Program,
  Recording,
  Session,
  Settings,
} from '../../runtime/contract/generated/openapi.v1.ts'
import { call } from './api.ts'

/** What the appliance pushes: the widgets only render it. */
export interface Live {
  link: 'connecting' | 'live' | 'lost'
  user?: Session
  programs: Record<string, Program>
  /** The program that the page is about: one of them, `main` at first. */
  chosen: string
  /** The chosen one. */
  readonly program?: Program
  cameras: Record<string, Camera>
  destinations: Record<string, Destination>
  recordings: Record<string, Recording>
  settings?: Settings
}

/** How long to wait before a refused stream is opened again (ms). */
const REOPEN_MS = 2_000
/** A stream begins with everything there is; what it has not named by then was removed while nobody listened (ms). */
const SWEEP_MS = 2_000

const MAIN = 'main'

/**
 * Each widget is a bundle of its own, yet a page must hold one event stream: browsers allow six connections to a host.
 * A symbol that every bundle knows makes the first widget's stream everybody's.
 */
const SHARED = Symbol.for('vistterstream.live')

/** The appliance's state as a reactive object, kept true by /api/v1/stream for as long as the page is open. */
export function useLive(): Live {
  const shared = globalThis as unknown as Record<symbol, Live | undefined>
  shared[SHARED] ??= connect()
  return shared[SHARED]
}

/** Whether the signed-in user may act, not just look. The server decides; this only hides what it would refuse. */
export const mayOperate = (live: Live): boolean => live.user?.role === 'operator' || live.user?.role === 'admin'

function connect(): Live {
  const live: Live = reactive({
    link: 'connecting',
    programs: {} as Live['programs'],
    chosen: MAIN,
    get program(): Program | undefined {
      return this.programs[this.chosen]
    },
    cameras: {},
    destinations: {},
    recordings: {},
  })
  void loadUser(live)
  open(live)
  return live
}

function open(live: Live): void {
  const stream = new EventSource('/api/v1/stream')
  const named = new Set<string>()
  const on = <T>(event: string, take: (value: T) => void) =>
    stream.addEventListener(event, message => take(JSON.parse((message as MessageEvent<string>).data) as T))
  const keep = <T extends { id: string }>(collection: Record<string, T>, item: T) => {
    named.add(item.id)
    collection[item.id] = item
  }
  stream.onopen = () => {
    live.link = 'live'
    named.clear()
    setTimeout(() => sweep(live, named), SWEEP_MS)
  }
  stream.onerror = () => {
    live.link = 'lost'
    // The browser retries a broken connection by itself, but gives up on a refusal: signed out, or control restarting.
    if (stream.readyState !== EventSource.CLOSED) return
    setTimeout(() => void loadUser(live).then(() => open(live)), REOPEN_MS)
  }
  on<Program>('program', program => keep(live.programs, program))
  on<Settings>('settings', settings => {
    live.settings = settings
  })
  on<Camera>('camera', camera => keep(live.cameras, camera))
  on<Destination>('destination', destination => keep(live.destinations, destination))
  on<Recording>('recording', recording => keep(live.recordings, recording))
  on<{ id: string }>('program-removed', ({ id }) => {
    delete live.programs[id]
    if (live.chosen === id) live.chosen = MAIN
  })
  on<{ id: string }>('camera-removed', ({ id }) => delete live.cameras[id])
  on<{ id: string }>('destination-removed', ({ id }) => delete live.destinations[id])
  on<{ id: string }>('recording-removed', ({ id }) => delete live.recordings[id])
}

function sweep(live: Live, named: Set<string>): void {
  if (live.link !== 'live') return
  for (const collection of [live.cameras, live.destinations, live.recordings]) {
    for (const id of Object.keys(collection)) if (!named.has(id)) delete collection[id]
  }
}

async function loadUser(live: Live): Promise<void> {
  try {
    live.user = await call<Session>('GET', '/session')
  } catch (problem) {
    if ((problem as { status: number }).status === 401)
      location.assign(`/?next=${encodeURIComponent(location.pathname)}`)
  }
}
