import { asVistterError, type ErrorCode, VistterError } from '../../contract/errors.ts'
import type { TestStep } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import { OnvifDriver, type OnvifDriverTarget } from './onvif/driver.ts'
import { guessPort, ONVIF_PORTS } from './onvif/greeting.ts'
import type { PtzCapabilities } from './ptz/driver.ts'

/** Without a port the usual ones are tried. */
export type OnvifStepTarget = Omit<OnvifDriverTarget, 'port'> & { port?: number | undefined }

/** Where the answer is no, a wrong port is the likeliest cause: most often that of the stream was entered. */
const WRONG_DOOR: ErrorCode[] = ['PTZ_NOT_ONVIF', 'PTZ_UNREACHABLE', 'PTZ_BAD_ANSWER']

/** The part of a camera's test that is about moving it, within 8 s. Never fails itself. A camera without PTZ passes. */
export async function onvifStep(target: OnvifStepTarget, clock: Clock, ports = ONVIF_PORTS): Promise<TestStep> {
  const begun = clock.mono()
  const step = (detail: string, why?: VistterError): TestStep => {
    const ms = Math.round(clock.mono() - begun)
    return { step: 'onvif', ok: !why, ms, detail, hint: why?.hint ?? '', ...(why && { code: why.code }) }
  }
  const port = target.port ?? (await guessPort(target.host, ports))
  if (port === undefined) {
    const nobody = noService(target.host, ports)
    return step(nobody.message, nobody)
  }
  const driver = new OnvifDriver({ ...target, port }, clock)
  try {
    await driver.connect()
    return step(canDo(driver.device.name, driver.capabilities))
  } catch (thrown) {
    const error = asVistterError(thrown)
    if (error.code === 'PTZ_UNSUPPORTED' && driver.device.profiles.length > 0) {
      return step(`${driver.device.name || 'The camera'} answers, and cannot be moved.`)
    }
    const others = ports.filter(other => other !== port)
    const right = WRONG_DOOR.includes(error.code) ? await guessPort(target.host, others) : undefined
    return step(right === undefined ? error.message : `${error.message} There is one at port ${right}.`, error)
  }
}

export const noService = (host: string, ports: readonly number[] = ONVIF_PORTS): VistterError =>
  new VistterError('PTZ_UNREACHABLE', `No ONVIF service answers at ${host}; tried the ports ${ports.join(', ')}.`)

function canDo(name: string, can: PtzCapabilities): string {
  const ways = [can.continuous && 'it can be steered', can.absolute && 'it goes to positions']
  const told = [...ways, `it keeps ${can.presets} presets`, !can.moveStatus && 'it does not say whether it moves']
  return `${name || 'The camera'}: ${told.filter(Boolean).join(', ')}.`
}
