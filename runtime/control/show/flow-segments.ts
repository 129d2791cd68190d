import { VistterError } from '../../contract/errors.ts'
import type { FlowRequests } from '../../contract/flow.ts'
import type { PreviewStart, Segment, SegmentPlay } from '../../contract/generated/openapi.v1.ts'
import document from '../../contract/schemas/openapi.v1.json' with { type: 'json' }
import { type Checked, problemText, validator } from '../../contract/validate.ts'

type Methods = Extract<keyof FlowRequests, `segment.${string}` | `queue.${string}`>
type Answer = Record<string, unknown>

const checkPlay = validator<SegmentPlay>(document.components.schemas.SegmentPlay)
const checkPreview = validator<PreviewStart>(document.components.schemas.PreviewStart)

/** What messages of the flow may ask of segments, which they name by id or name. */
export function segmentRequests(
  run: (name: string, params: Record<string, string>, body?: object) => Promise<Answer>,
  segments: () => Promise<Segment[]>,
): Pick<FlowRequests, Methods> {
  const of = async (operation: string, wanted: string, body?: object): Promise<Answer> => {
    const all = await segments()
    const found = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => name === wanted)
    if (!found) throw new VistterError('UNKNOWN_REFERENCE', `There is no segment ${wanted}.`)
    return run(operation, { id: found.id }, body)
  }
  return {
    'segment.queue': ({ segment }) => of('queueSegment', segment),
    'segment.play': async ({ segment, ...play }) => of('playSegment', segment, checked(checkPlay(play))),
    'segment.preview': async ({ segment, ...preview }) => of('previewSegment', segment, checked(checkPreview(preview))),
    'queue.start': () => run('startQueue', {}),
    'queue.stop': () => run('stopQueue', {}),
    'queue.skip': () => run('skipInQueue', {}),
  }
}

function checked<T>(found: Checked<T>): T {
  if (found.ok) return found.value
  throw new VistterError('BAD_REQUEST', `/segment: ${problemText(found.problems)}`)
}
