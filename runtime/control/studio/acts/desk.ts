import { VistterError } from '../../../contract/errors.ts'
import type { Command } from '../../../contract/generated/studio.v1.ts'
import { type Checked, problemText } from '../../../contract/validate.ts'
import type { Actor, Operations } from '../../ports.ts'
import type { Order } from '../runner.ts'

/** Commands that are about the show and the box, and not about the channel itself. */
export type ActType = Exclude<
  Command['type'],
  'vistter.command.credentials.rotate' | 'vistter.command.credentials.revoke' | 'vistter.command.heartbeat'
>
export type DataOf<T extends ActType> = Extract<Command, { type: T }>['data']

/** What carrying a command out measured or found. */
export interface Done {
  metrics?: Record<string, number>
  result?: Record<string, unknown>
}

export type How = Pick<Order, 'begunAt' | 'progress'>

/** For each type what is done about it. */
export type Acts = { [T in ActType]: (data: DataOf<T>, how: How) => Promise<Done | undefined> }

export const STUDIO: Actor = { kind: 'studio', name: 'Studio', role: 'operator' }

interface Deps {
  operations(): Operations
  clock: { now(): number; here(studio: number): number }
}

/** What commands ask of the box: the same operations, with the same checks, as people. */
export class Desk {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async ask<Answer>(name: string, params: Record<string, string> = {}, body?: unknown, query = {}): Promise<Answer> {
    const operate = this.deps.operations()[name]
    if (!operate) throw new Error(`nobody does ${name}`)
    return (await operate({ params, query: { limit: 1_000, ...query }, body, actor: STUDIO })) as Answer
  }

  /** The one with this id or name. */
  async named(list: string, what: string, wanted: string): Promise<string> {
    const all = await this.ask<{ id: string; name: string }[]>(list)
    const found = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => name === wanted)
    if (!found) throw new VistterError('UNKNOWN_REFERENCE', `There is no ${what} ${wanted}.`, { path: `/data/${what}` })
    return found.id
  }

  /** A moment by Studio's clock as this box has to be told it. */
  moment(at: string | undefined): { at?: string } {
    if (at === undefined) return {}
    return { at: new Date(Math.round(this.deps.clock.here(Date.parse(at)))).toISOString() }
  }

  /** How long until a moment by Studio's clock (ms). */
  until(at: string | undefined): number {
    return at === undefined ? 0 : Math.max(0, Date.parse(at) - this.deps.clock.now())
  }
}

/** A part of a command that the API's own document describes. `under`: where in the command it stands. */
export function checked<T>(under: string, found: Checked<T>): T {
  if (found.ok) return found.value
  const errors = found.problems.map(({ path, message }) => ({ path: `${under}${path}`, message }))
  throw new VistterError('BAD_REQUEST', `${under}: ${problemText(found.problems)}.`, { path: errors[0]?.path, errors })
}

/** What an operation finds wrong in its body stands further down in the command. */
export async function under<T>(path: string, work: Promise<T>): Promise<T> {
  return work.catch(thrown => {
    if (!(thrown instanceof VistterError) || !Array.isArray(thrown.extra.errors)) throw thrown
    const errors = thrown.extra.errors.map(found => ({ ...found, path: `${path}${found.path ?? ''}` }))
    throw new VistterError(thrown.code, thrown.message, { ...thrown.extra, errors })
  })
}
