import { VistterError } from '../contract/errors.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { pathsFor } from '../lib/paths.ts'
import { onSignals } from '../lib/process.ts'
import { Appliance } from './appliance.ts'

/** sysexits.h: starting it again would not help, somebody has to look. */
const EX_CONFIG = 78

const { VISTTER_DATA = './data', VISTTER_BIND = '0.0.0.0', VISTTER_PORT = '8443', VISTTER_LOG_LEVEL } = process.env
const log = createLog('control', VISTTER_LOG_LEVEL)
const appliance = new Appliance({
  paths: pathsFor(VISTTER_DATA),
  bind: VISTTER_BIND,
  port: Number(VISTTER_PORT),
  clock: systemClock,
  log,
})

onSignals(log, () => appliance.stop())
try {
  await appliance.start()
} catch (error) {
  log.fatal({ err: error }, 'control cannot start')
  if (error instanceof VistterError) process.stderr.write(`${error.code}: ${error.message} ${error.hint}\n`)
  await appliance.stop()
  process.exit(error instanceof VistterError ? EX_CONFIG : 1)
}
