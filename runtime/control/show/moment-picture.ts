import type { MomentRequest } from '../../contract/generated/openapi.v1.ts'
import { type NamedPreset, type Operations, operation } from '../ports.ts'
import { type Drawing, type PictureFacts, pictured, pictureOf, WIDTH } from './overlay-picture.ts'

/** `overlays`: as they are painted, the first at the back. */
interface Facts extends PictureFacts {
  overlays: readonly { id: string }[]
}

interface Deps extends Drawing<Facts> {
  cameras(): readonly { id: string; name: string }[]
  preset(camera: string | undefined, wanted: string): NamedPreset | undefined
  /** Files with the picture that a preset was kept with, and with what a source shows now; undefined: there is none. */
  kept(preset: string): Promise<string | undefined>
  now(source: string): Promise<string | undefined>
}

/** What viewers would see at a moment of a show that is being written: painted as on air, and nothing on air changes. */
export class MomentPictures {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  operations(): Operations {
    return { drawMoment: operation<MomentRequest>(({ body }) => this.draw(body)) }
  }

  private async draw({ source, preset, overlays = [], width = WIDTH }: MomentRequest): Promise<Buffer> {
    const facts = this.deps.facts()
    const order = facts.overlays.map(({ id }) => id)
    const layers = overlays
      .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
      .map(({ id, ...when }) => pictured(this.deps.overlay(id), facts, when))
    const image = await this.ground(source, preset)
    const ground = image === undefined ? 'black' : { image }
    return this.deps.draw({ overlays: layers, picture: pictureOf(facts), outWidth: width, ground })
  }

  /** A camera at a preset looks as it did when that was kept; else as it does now. */
  private async ground(source: string | undefined, preset: string | undefined): Promise<string | undefined> {
    const { cameras, kept, now } = this.deps
    const known = cameras().find(({ id }) => id === source) ?? cameras().find(({ name }) => name === source)
    const shot = preset === undefined ? undefined : this.deps.preset(known?.id, preset)
    const camera = shot?.camera ?? known?.id ?? source
    return (shot && (await kept(shot.id))) ?? (camera === undefined ? undefined : now(camera))
  }
}
