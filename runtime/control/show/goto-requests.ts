import { VistterError } from '../../contract/errors.ts'
import type { FlowCalls } from '../../contract/flow.ts'
import type { Arrival, Swing } from '../../contract/generated/openapi.v1.ts'
import schemas from '../../contract/schemas/openapi.v1.json' with { type: 'json' }
import { problemText, validator } from '../../contract/validate.ts'
import type { NamedPreset, Turning } from '../ports.ts'
import { presetBy } from './preset-by-name.ts'
import type { Program } from './program.ts'
import { type Shots, THE_SHOW } from './shots.ts'

const checkSwing = validator<Swing>(schemas.components.schemas.Swing)

interface Deps {
  cameras: { list(): { id: string; name: string }[] }
  presets: { names(): NamedPreset[] }
  /** Who shows a camera: ids of programs, and whatever else has viewers, in words. */
  viewers: { seenIn(camera: string): string[] }
  turning: Pick<Turning, 'go'>
  program: Pick<Program, 'aim' | 'ids'>
  shots: Pick<Shots, 'take'>
}

type Wish = FlowCalls['preset.goto']['params']

/** Who asks, when a message does. */
export const THE_FLOW = 'the flow'

/** A camera that a message sends to a preset: viewers see it turn only where the message says so. */
export class GotoRequests {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  async go({ preset: wanted, camera, swing = 'show' }: Wish): Promise<Record<string, unknown>> {
    const cameras = this.deps.cameras.list()
    const preset = presetBy({ cameras, presets: this.deps.presets.names() }, wanted, camera)
    const arrival = await this.travel(preset, swingOf(swing))
    const { id, name, shotId } = preset
    const of = { id: preset.camera, name: cameras.find(each => each.id === preset.camera)?.name }
    return { ...arrival, camera: of, preset: { id, name, ...(shotId !== undefined && { shotId }) } }
  }

  private async travel(preset: NamedPreset, swing: Swing): Promise<Arrival> {
    const { viewers, turning, program, shots } = this.deps
    const seenIn = viewers.seenIn(preset.camera)
    if (swing === 'show' || seenIn.length === 0) return turning.go(preset, THE_SHOW)
    const shows = program.ids().find(id => seenIn.includes(id))
    if (shows === undefined)
      throw new VistterError('PTZ_ON_AIR', `${seenIn.join(' and ')} would show the camera turning.`)
    // The program goes on showing it, behind a cover.
    const aim = program.aim(shows, preset.camera)
    const shown = await shots.take({ aim, preset, swing, actor: THE_FLOW, anyway: false })
    const { arrived, journeyMs: ms = 0, verified, error } = shown
    return { arrived, ms, ...(verified && { verified }), ...(error && { error }) }
  }
}

function swingOf(wanted: unknown): Swing {
  const checked = checkSwing(wanted)
  if (checked.ok) return checked.value
  throw new VistterError('BAD_REQUEST', `/swing: ${problemText(checked.problems)}`)
}
