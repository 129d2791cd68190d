import { afterEach, beforeEach, expect } from 'vitest'
import { Channel, type ChannelState } from '../../runtime/control/studio/channel.ts'
import { Pairing, type PairingBody } from '../../runtime/control/studio/pairing.ts'
import type { ReturnOptions } from '../../runtime/control/studio/returns.ts'
import type { HttpProxy } from '../../runtime/control/studio/tunnel.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { memoryShelf } from '../peers/shelf.ts'
import { ReferenceStudio } from '../peers/studio/studio.ts'
import { log, StudioStage, scratch } from './studio-stage.ts'

const QUICK = { first: 20, max: 50, jitter: 0, healthyAfter: 60_000, unheard: 50, soon: 50 }
/** Would not try again while a test lasts. */
export const PATIENT = { ...QUICK, first: 60_000, max: 60_000, soon: 60_000, unheard: 60_000 }

export interface Wishes {
  brokers?: string[]
  proxy?: HttpProxy
  backoff?: ReturnOptions
}

/** A Studio of its own for each test; `hand`: here it is. */
export function studioForEach(hand: (studio: ReferenceStudio) => void): void {
  let studio: ReferenceStudio
  beforeEach(async () => {
    studio = await ReferenceStudio.start()
    hand(studio)
  })
  afterEach(() => studio.stop())
}

export const online = (channel: Channel) => expect.poll(() => channel.state.connected, { timeout: 5_000 }).toBe(true)

/** An appliance's whole side of the channel. */
export async function applianceOf(studio: ReferenceStudio, more: Wishes = {}) {
  const stage = await StudioStage.open(scratch())
  stage.now = Date.now()
  const shelf = memoryShelf<PairingBody>()
  const pairing = new Pairing({
    ...{ shelf, clock: systemClock, changed: () => {}, failed: () => {} },
    device: async () => ({ serial: 'S1', model: 'test', software: '0', capabilities: {} }),
    surroundings: () => ({ ca: studio.authority.pem }),
  })
  if (more.brokers) studio.brokers = more.brokers
  await pairing.pair(studio.url, studio.issue())
  const states: ChannelState[] = []
  const channel = new Channel({
    ...{ inbox: stage.inbox, outbox: stage.outbox, clock: systemClock, log, software: '0' },
    backoff: more.backoff ?? QUICK,
    ...{
      paired: () => pairing.now,
      proxy: () => more.proxy,
      changed: state => void states.push(state),
      timeoutMs: 2_000,
    },
  })
  stage.onAdded = () => channel.wake()
  channel.start()
  const id = pairing.now?.appliance ?? ''
  const end = async () => {
    await channel.stop()
    await stage.end()
  }
  return { stage, pairing, channel, states, id, end }
}
