import { reactive } from 'vue'
import { call } from './api.ts'
import type { Camera, Destination, Program, User } from './types.ts'

/** What the appliance pushes: the widgets only render it. */
export interface Live {
  link: 'connecting' | 'live' | 'lost'
  user?: User
  program?: Program
  cameras: Record<string, Camera>
  destinations: Record<string, Destination>
  settings?: { locationName: string }
}

/** How long to wait before a refused stream is opened again (ms). */
const REOPEN_MS = 2_000

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
  const live: Live = reactive({ link: 'connecting', cameras: {}, destinations: {} })
  void loadUser(live)
  open(live)
  return live
}

function open(live: Live): void {
  const stream = new EventSource('/api/v1/stream')
  const on = <T>(event: string, take: (value: T) => void) =>
    stream.addEventListener(event, message => take(JSON.parse((message as MessageEvent<string>).data) as T))
  stream.onopen = () => {
    live.link = 'live'
  }
  stream.onerror = () => {
    live.link = 'lost'
    // The browser retries a broken connection by itself, but gives up on a refusal: signed out, or control restarting.
    if (stream.readyState !== EventSource.CLOSED) return
    setTimeout(() => void loadUser(live).then(() => open(live)), REOPEN_MS)
  }
  on<Program>('program', program => {
    live.program = program
  })
  on<Live['settings']>('settings', settings => {
    live.settings = settings
  })
  on<Camera>('camera', camera => keep(live.cameras, camera))
  on<Destination>('destination', destination => keep(live.destinations, destination))
}

function keep<T extends { id: string }>(collection: Record<string, T>, item: T & { deleted?: boolean }): void {
  if (item.deleted) delete collection[item.id]
  else collection[item.id] = item
}

async function loadUser(live: Live): Promise<void> {
  try {
    live.user = await call<User>('GET', '/session')
  } catch (problem) {
    if ((problem as { status: number }).status === 401)
      location.assign(`/?next=${encodeURIComponent(location.pathname)}`)
  }
}
