import type { Case } from '../case.ts'
import { DELIVERY, RIGHTS } from './broker.ts'
import { CODES, OFFERS } from './codes.ts'
import { COMMANDS, ENVELOPES } from './commands.ts'
import type { Subject } from './guest.ts'
import { MALFORMED, PAIRING } from './pairing.ts'
import { ACKS, TELLS } from './told.ts'
import { REVOCATION, ROTATION, TRUST } from './trust.ts'

/** What every Studio has to pass. */
export const STUDIO_CASES: Case<Subject>[] = [
  ...[...PAIRING, ...MALFORMED, ...CODES, ...OFFERS, ...TRUST, ...RIGHTS, ...DELIVERY],
  ...[...COMMANDS, ...ENVELOPES, ...ACKS, ...TELLS, ...ROTATION, ...REVOCATION],
]
