import { asErrorCode, VistterError } from '../../contract/errors.ts'
import type { Arrival, Fault } from '../../contract/generated/openapi.v1.ts'

export const notThere: Omit<Arrival, 'ms'> = {
  arrived: false,
  error: new VistterError('PTZ_NOT_ARRIVED', 'The camera was not there after 10 s.').fault,
}

export function unlessSuperseded(signal: AbortSignal): void {
  if (signal.aborted) throw new VistterError('CONFLICT', 'Another take came before the camera had arrived.')
}

export function asFailure(error: Fault | undefined): VistterError {
  return new VistterError(asErrorCode(error?.code) ?? 'PTZ_NOT_ARRIVED', error?.detail ?? 'The camera did not arrive.')
}
