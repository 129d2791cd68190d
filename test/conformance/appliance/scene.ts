import type { AckStatus } from '../../../runtime/contract/generated/studio.v1.ts'
import { message } from '../../peers/studio/messages.ts'
import type { ReferenceStudio } from '../../peers/studio/studio.ts'
import { eventually } from '../case.ts'

export const FINAL: readonly string[] = ['done', 'failed', 'rejected', 'expired'] satisfies AckStatus[]
/** How soon `received` or `rejected` has to be there (ms). */
export const SOON = 3_000

export interface Acked {
  status: string
  code?: string
  message?: string
  hint?: string
  path?: string
  supported?: string[]
  at: string
}

/** The appliance under test, paired with a Studio whose broker is in our hands. */
export class ApplianceSubject {
  readonly studio: ReferenceStudio
  readonly appliance: string
  /** How long an appliance may take for a command (ms). */
  readonly patience: number

  constructor(studio: ReferenceStudio, appliance: string, patience = 15_000) {
    this.studio = studio
    this.appliance = appliance
    this.patience = patience
  }

  command(type: string, data: object, envelope: object = {}): Record<string, unknown> {
    return message(type.replace(/^vistter\.command\./, ''), data, {
      time: new Date(this.studio.now()).toISOString(),
      ...envelope,
    })
  }

  /** As it is, right or wrong. */
  async give(said: unknown): Promise<void> {
    await this.studio.broker.send(this.studio.topic(this.appliance), said)
  }

  acks(id: string): Acked[] {
    return this.studio.acked(id) as unknown as Acked[]
  }

  /** All that is said about a command, when its last word was said. */
  async finals(id: string, ms = this.patience): Promise<Acked[]> {
    return eventually(
      () => this.acks(id),
      all => all.some(({ status }) => FINAL.includes(status)),
      ms,
    )
  }

  /** Sends it, and waits for its last word. */
  async done(said: Record<string, unknown>): Promise<Acked[]> {
    await this.give(said)
    return this.finals(String(said.id))
  }

  /** It still does what it is told. */
  async isWell(): Promise<boolean> {
    const all = await this.done(this.command('health.request', {}))
    return all.some(({ status }) => status === 'done')
  }
}

export const words = (all: Acked[]): string =>
  all.map(({ status, code }) => (code ? `${status} ${code}` : status)).join(', ') || 'nothing'
