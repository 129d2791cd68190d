import { reactive } from 'vue'
import type { Program, Session } from '../../runtime/contract/generated/openapi.v1.ts'
import { call } from './api.ts'
import { ears, type Live, sweep } from './live-state.ts'

const MAIN = 'main'

/** How long to wait before a refused stream is opened again (ms). */
const REOPEN_MS = 2_000
/** A stream begins with everything there is; what it has not named by then was removed while nobody listened (ms). */
const SWEEP_MS = 2_000

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
    presets: {},
    destinations: {},
    recordings: {},
    overlays: {},
    timelines: {},
    segments: {},
    values: {},
  })
  void loadUser(live)
  open(live)
  return live
}

function open(live: Live): void {
  const stream = new EventSource('/api/v1/stream')
  const named = new Set<string>()
  /** Of what is listened to for this stream. */
  const over = new AbortController()
  for (const [event, hear] of Object.entries(ears(live, named)))
    stream.addEventListener(event, message => hear((message as MessageEvent<string>).data))
  stream.onopen = () => {
    live.link = 'live'
    named.clear()
    setTimeout(() => live.link === 'live' && sweep(live, named), SWEEP_MS)
  }
  stream.onerror = () => {
    live.link = 'lost'
    // The browser retries a broken connection by itself, but gives up on a refusal: signed out, or control restarting.
    if (stream.readyState !== EventSource.CLOSED) return
    over.abort()
    setTimeout(() => void loadUser(live).then(() => open(live)), REOPEN_MS)
  }
  // A stream whose network is gone stays silent for minutes before it breaks.
  const gone = () => {
    stream.close()
    live.link = 'lost'
    window.addEventListener('online', () => open(live), { once: true })
  }
  window.addEventListener('offline', gone, { once: true, signal: over.signal })
}

async function loadUser(live: Live): Promise<void> {
  try {
    live.user = await call<Session>('GET', '/session')
  } catch (problem) {
    if ((problem as { status: number }).status === 401)
      location.assign(`/?next=${encodeURIComponent(location.pathname)}`)
  }
}
