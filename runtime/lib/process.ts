import { within } from './clock.ts'
import type { Log } from './log.ts'

/** A stop that takes longer than this is cut off: whoever supervises us would do it a moment later, less gently. */
const LONGEST_STOP = 8_000

/**
 * Ends the process cleanly on the first SIGTERM or SIGINT; later ones change nothing, since a terminal sends Ctrl-C to
 * the whole group and a supervisor may repeat itself. Exit code 0 after a clean stop, 1 otherwise.
 */
export function onSignals(log: Log, stop: () => Promise<void>): void {
  let stopping = false
  const end = (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    within(LONGEST_STOP, 'the stop took too long', stop()).then(
      () => process.exit(0),
      error => {
        log.error({ err: error }, 'stopped uncleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
}
