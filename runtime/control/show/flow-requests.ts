import { VistterError } from '../../contract/errors.ts'
import type { FlowRequests } from '../../contract/flow.ts'
import type { SoundPatch } from '../../contract/generated/openapi.v1.ts'
import document from '../../contract/schemas/openapi.v1.json' with { type: 'json' }
import { problemText, validator } from '../../contract/validate.ts'
import type { Actor, Operations } from '../ports.ts'

interface Deps {
  operations: Operations
  cameras(): { id: string; name: string }[]
  destinations(): { id: string; name: string }[]
}

type Answer = Record<string, unknown>

const checkSound = validator<SoundPatch>(document.components.schemas.SoundPatch)

const FLOW: Actor = { kind: 'flow', name: 'the flow', role: 'operator' }

/** What messages of the flow may ask: the operations of the API, with cameras and destinations by name as well. */
export function flowRequests({ operations, cameras, destinations }: Deps): FlowRequests {
  const run = async (name: string, params: Record<string, string>, body?: object): Promise<Answer> => {
    const operate = operations[name]
    if (!operate) throw new Error(`there is no operation ${name}`)
    return { ...((await operate({ params, query: {}, body, actor: FLOW })) as Answer) }
  }
  const release = async (program: string): Promise<Answer> => {
    await run('releaseById', { id: program })
    return run('getProgramById', { id: program })
  }
  const each = async (name: string, wanted: string): Promise<Answer> => {
    const all = destinations()
    if (wanted !== '*') return run(name, { id: idOf(wanted, all, 'destination') })
    const answers = all.map(async ({ id, name: called }) => ({ id, name: called, ...(await run(name, { id })) }))
    return { destinations: await Promise.all(answers) }
  }
  return {
    'program.take': ({ program, source, transition }) =>
      run(
        'takeById',
        { id: program },
        {
          source: source === 'slate' ? source : idOf(source, cameras(), 'camera'),
          ...(transition && { transition }),
        },
      ),
    'program.override': ({ program, ...override }) => run('overrideById', { id: program }, override),
    'program.release': ({ program }) => release(program),
    'program.sound': async ({ program, sound }) => {
      const checked = checkSound(sound)
      if (checked.ok) return run('changeSoundById', { id: program }, checked.value)
      throw new VistterError('BAD_REQUEST', `/sound: ${problemText(checked.problems)}`)
    },
    'overlay.put': ({ id, document }) => run('putOverlay', { id }, document),
    'overlay.play': ({ id, scene }) => run('playOverlay', { id }, scene === undefined ? {} : { scene }),
    'overlay.stop': ({ id }) => run('stopOverlay', { id }),
    'destination.start': ({ destination }) => each('startDestination', destination),
    'destination.stop': ({ destination }) => each('stopDestination', destination),
    'destination.test': ({ destination }) => each('testDestination', destination),
    'recording.start': params => run('startRecording', {}, params),
    'recording.stop': params => run('stopRecording', {}, params),
  }
}

function idOf(wanted: string, things: { id: string; name: string }[], kind: string): string {
  const found = things.find(({ id }) => id === wanted) ?? things.find(({ name }) => name === wanted)
  if (!found) throw new VistterError('UNKNOWN_REFERENCE', `There is no ${kind} ${wanted}.`)
  return found.id
}
