import type { Case } from '../case.ts'
import { COMMAND_CASES } from './commands.ts'
import { LAST_CASES, MESSAGE_CASES, ORDER_CASES, TELLING_CASES } from './messages.ts'
import type { ApplianceSubject } from './scene.ts'

/** What every appliance has to pass; afterwards it belongs to no Studio. */
export const APPLIANCE_CASES: Case<ApplianceSubject>[] = [
  ...[...COMMAND_CASES, ...MESSAGE_CASES, ...ORDER_CASES, ...TELLING_CASES, ...LAST_CASES],
]
