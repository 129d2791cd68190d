import type { Clock } from '../../../lib/clock.ts'
import { askName, greets, type Where } from '../onvif/greeting.ts'
import { type Sighting, seenAt } from './ws-discovery.ts'

/** Connections at once: far below what a process or a shop's router can hold. */
const AT_ONCE = 512
/** For all of a sweep's connections together; the rest of the ten seconds is for answers. */
const CONNECTING_MS = 5_500

export interface Sweep {
  addresses: string[]
  ports: readonly number[]
  clock: Clock
  signal: AbortSignal
}

/** Knocks at each port of each address, and asks who opens whether it is a camera. */
export async function sweep({ addresses, ports, clock, signal }: Sweep): Promise<Sighting[]> {
  // Port by port, so that no device gets several connections at the same moment.
  const doors = ports.flatMap(port => addresses.map(host => ({ host, port })))
  const rounds = Math.ceil(doors.length / AT_ONCE)
  const connectMs = Math.min(2_000, CONNECTING_MS / Math.max(1, rounds))
  const found: Sighting[] = []
  const next = doors.values()
  const worker = async () => {
    for (const where of next) {
      if (signal.aborted) return
      const camera = await meet(where, { connectMs, clock, signal })
      if (camera) found.push(camera)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, doors.length) }, worker))
  return found
}

async function meet(where: Where, how: { connectMs: number; clock: Clock; signal: AbortSignal }) {
  const { connectMs, clock, signal } = how
  if (!(await greets(where, { connectMs, answerMs: 2_000, signal }))) return undefined
  return seenAt(where, await askName(where, clock, 1_500, signal))
}
