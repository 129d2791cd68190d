import { VistterError } from '../../contract/errors.ts'
import type { Setup as SetupBody } from '../../contract/generated/openapi.v1.ts'
import { type Operations, operation, type Recorder } from '../ports.ts'
import type { Users } from './users.ts'

interface Deps {
  users: Pick<Users, 'any' | 'addFirst'>
  settings: { change(patch: { timezone: string; locationName: string }, actor: string): Promise<unknown> }
  record: Recorder
}

/** The first start: whoever opens the appliance makes the administrator. Possible once. */
export class Setup {
  private done = false
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async isDone(): Promise<boolean> {
    this.done ||= await this.deps.users.any()
    return this.done
  }

  operations(): Operations {
    return {
      getSetup: operation(async () => ({ done: await this.isDone() })),
      setUp: operation<SetupBody>(({ body }) => this.run(body)),
    }
  }

  private async run({ admin, timezone, locationName }: SetupBody) {
    if (await this.isDone()) throw new VistterError('SETUP_DONE', 'This appliance has been set up already.')
    // Settings first: they refuse an unknown time zone, and then there must not be an administrator yet.
    await this.deps.settings.change({ timezone, locationName }, admin.username)
    await this.deps.users.addFirst(admin)
    const message = `The appliance was set up by ${admin.username}.`
    this.deps.record({ type: 'auth.set-up', severity: 'info', message, actor: admin.username })
    return { done: true }
  }
}
