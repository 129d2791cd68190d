import type { Overlay } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { systemClock } from '../../lib/clock.ts'
import { reachedAt } from '../../ocl/awaited.ts'
import { timelineOf } from '../../ocl/compile.ts'
import { timelineAt } from '../../ocl/data/timeline.ts'
import { bindingsOf, sayToken } from '../../ocl/data/tokens.ts'
import { tokensIn } from '../../ocl/text.ts'
import type { Order } from './order.ts'

/**
 * The document as an overlay that plays, at each moment (t, ms) with the words of that moment: clocks and countdowns go on
 * while a clip does.
 */
export function playedBy(document: OclDocument, order: Order, assets: Record<string, string>): (t: number) => Overlay {
  const { take, scene, reached, now = systemClock.now(), timezone } = order
  const startedAt = now - ('at' in take ? take.at : take.from)
  const timeOf = (name: string): number | undefined => {
    const t = reached.has(name) ? reached.get(name) : 0
    return t === undefined ? undefined : startedAt + t
  }
  const played = {
    ...{ id: document.timeline.id, program: 'render', document: { ...document }, assets },
    playing: { startedAt, reached: reachedAt(document, timeOf), ...(scene !== undefined && { scene }) },
  }
  const scopes = { bindings: bindingsOf(document.data), pushed: {}, site: order.tokens }
  const names = [...new Set(tokensIn(document))]
  const world = {
    locale: document.locale ?? 'en',
    timezone: timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    rate: timelineOf(document).rate,
  }
  return t => {
    const moment = { ...world, now: startedAt + t, timeline: timelineAt(document, t, scene) }
    const said = names.map(name => [name, sayToken(name, scopes, moment).text] as const)
    return {
      ...played,
      tokens: Object.fromEntries(said.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))),
    }
  }
}
