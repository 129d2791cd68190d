import { VistterError } from '../../../contract/errors.ts'
import type { DiscoveredCamera } from '../../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ONVIF_PORTS } from '../onvif/greeting.ts'
import { merged } from './merge.ts'
import { askNetworks, ownAddresses } from './multicast.ts'
import { addressesOf } from './range.ts'
import { sweep } from './sweep.ts'

interface Deps {
  clock: Clock
  /** Our addresses, for tests; else all that this machine has. */
  interfaces?: () => string[]
  /** UDP port of WS-Discovery. */
  port?: number
  /** HTTP ports that a sweep knocks at. */
  ports?: readonly number[]
  /** How long devices may take to answer, ms. */
  answerMs?: number
}

/** Of everything together; the API promises ten seconds. */
const ALL_MS = 9_500
const LOOPBACK = '127.0.0.1'

/** Looks for ONVIF cameras, in all networks of this machine and, where it is told one, in a range of addresses. */
export class Discovery {
  private readonly deps: Deps
  private running: { range: string; devices: Promise<DiscoveredCamera[]> } | undefined

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Who asks for what is being looked for already gets the same answer; for something else there is one at a time. */
  async discover(range = ''): Promise<DiscoveredCamera[]> {
    const addresses = range.trim() === '' ? [] : addressesOf(range)
    if (this.running?.range === range) return this.running.devices
    if (this.running)
      throw new VistterError('CONFLICT', 'Cameras are being looked for already; it takes ten seconds at most.')
    const devices = this.look(addresses)
    this.running = { range, devices }
    try {
      return await devices
    } finally {
      this.running = undefined
    }
  }

  private async look(addresses: string[]): Promise<DiscoveredCamera[]> {
    const { clock, interfaces = ownAddresses, port = 3_702, ports = ONVIF_PORTS, answerMs = 4_000 } = this.deps
    const signal = AbortSignal.timeout(ALL_MS)
    // The loopback carries no multicast on most machines.
    const asked = [...new Set([LOOPBACK, ...addresses])]
    const [answered, swept] = await Promise.all([
      askNetworks({ interfaces: interfaces(), addresses: asked, port, ms: answerMs, signal }),
      sweep({ addresses, ports, clock, signal }),
    ])
    return merged([...answered, ...swept])
  }
}
