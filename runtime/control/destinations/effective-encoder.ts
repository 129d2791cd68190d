import type { EncoderState } from '../../contract/generated/engine.v1.ts'
import type { DestinationState } from '../../contract/generated/openapi.v1.ts'

/** What really encodes for a destination; nothing before the encoder has chosen. Pure. */
export function effectiveEncoder(state: EncoderState | undefined): Pick<DestinationState, 'encoder'> {
  if (!state?.codec) return {}
  const { codec, preset, videoBitrate, outputs, insteadOf } = state
  return {
    encoder: {
      codec,
      shared: outputs ?? 1,
      ...(preset !== undefined && { preset }),
      ...(videoBitrate !== undefined && { videoBitrate }),
      ...(insteadOf && { insteadOf }),
    },
  }
}
