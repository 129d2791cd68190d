import { VistterError } from '../../../contract/errors.ts'
import type {
  Arrival,
  GoToRequest,
  NewPreset,
  Preset,
  PresetFile,
  PresetOrder,
  PresetPatch,
  PtzState,
} from '../../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../../lib/clock.ts'
import { Turns } from '../../../lib/turns.ts'
import {
  type NamedPreset,
  type Operations,
  operation,
  type PresetOutlook,
  type Recorder,
  type Shelf,
} from '../../ports.ts'
import { controllerOf, type Heads } from '../ptz/heads.ts'
import type { Controller } from '../ptz/lease.ts'
import { capture } from './capture.ts'
import { Checkups } from './checkups.ts'
import { compare } from './compare.ts'
import { type How, Journeys } from './journeys.ts'
import { renumbered } from './order.ts'
import { outlookOf } from './outlook.ts'
import { exported, type PresetBody, type StoredPreset, shown } from './preset.ts'
import { recognise } from './recognise.ts'
import { PresetShelf } from './shelf.ts'

interface Deps {
  shelf: Shelf<PresetBody>
  heads: Heads
  clock: Clock
  cameras(): { id: string; name: string }[]
  pictures: {
    take(camera: string, preset: string): Promise<boolean>
    likeness(camera: string, preset: string): Promise<number | undefined>
    remove(preset: string): Promise<void>
  }
  /** Whether viewers see this camera. */
  onAir(camera: string): boolean
  settings(): { checkPresets: boolean; timezone: string }
  touched(): void
  record: Recorder
}

/** The presets of the cameras: any number, kept here; what the camera itself keeps of them is a help only. */
export class Presets {
  private readonly shelf: PresetShelf
  private readonly journeys: Journeys
  private readonly turns = new Turns()
  private readonly checkups: Checkups
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.shelf = new PresetShelf(deps.shelf)
    this.journeys = new Journeys({ ...deps, shelf: this.shelf })
    this.checkups = new Checkups({
      ...deps,
      presets: () => this.shelf.all(),
      head: camera => deps.heads.find(camera),
      go: (preset, by) => this.travel(preset, by, { override: false, later: false }),
    })
  }

  start(): void {
    this.checkups.start()
  }

  stop(): void {
    this.checkups.stop()
  }

  operations(): Operations {
    return {
      listPresets: operation<undefined, { search?: string }>(({ params, query }) =>
        this.list(this.camera(params.id), query.search),
      ),
      addPreset: operation<NewPreset>(({ params, body, actor }) => this.add(this.camera(params.id), body, actor.name)),
      orderPresets: operation<PresetOrder>(({ params, body }) => this.order(this.camera(params.id), body.ids)),
      exportPresets: operation(({ params }) => ({ presets: this.shelf.of(this.camera(params.id)).map(exported) })),
      importPresets: operation<PresetFile, { replace: boolean }>(({ params, body, query, actor }) =>
        this.import(this.camera(params.id), body, query.replace, actor.name),
      ),
      changePreset: operation<PresetPatch>(({ params, body, actor }) =>
        this.change(this.preset(params.id, params.pid), body, actor.name),
      ),
      removePreset: operation(({ params, actor }) => this.remove(this.preset(params.id, params.pid), actor.name)),
      goToPreset: operation<GoToRequest | undefined>(({ params, body, actor }) => {
        const preset = this.preset(params.id, params.pid)
        return this.travel(preset, controllerOf(actor), { override: body?.override ?? false })
      }),
    }
  }

  /** By its id, name or shot id; without a camera by its id or shot id. */
  named(camera: string | undefined, wanted: string): NamedPreset | undefined {
    const all = this.names().filter(preset => camera === undefined || preset.camera === camera)
    return (
      all.find(({ id }) => id === wanted) ??
      all.find(({ shotId }) => shotId === wanted) ??
      (camera === undefined ? undefined : all.find(({ name }) => name === wanted))
    )
  }

  /** Where the camera verifiably stands. */
  standsAt(camera: string): NamedPreset | undefined {
    const current = this.deps.heads.find(camera)?.state().currentPreset
    const preset = current ? this.shelf.find(current) : undefined
    return preset && namedOf(preset)
  }

  /** For shows and feeds, which know themselves whether viewers may see it move. */
  go({ id, camera }: NamedPreset, by: Controller, how: How): Promise<Arrival> {
    return this.travel(this.preset(camera, id), by, how)
  }

  /** What a camera's head says, with the name of the preset that it stands at. Undefined: it cannot be moved. */
  ptzOf(camera: string): PtzState | undefined {
    const state = this.deps.heads.find(camera)?.state()
    const name = this.shelf.find(state?.currentPreset ?? '')?.body.name
    return state && { ...state, ...(name !== undefined && { presetName: name }) }
  }

  revisions(): { id: string; revision: number }[] {
    return this.shelf.revisions()
  }

  /** A camera is there, for the first time or again: what it keeps is compared, what was wanted of it is done. */
  async returned(camera: string): Promise<void> {
    const head = this.deps.heads.find(camera)
    if (!head) return
    await compare(camera, head, this.shelf, this.deps.record).catch(() => {}) // the next time it is back
    await recognise(head, this.shelf.of(camera)).catch(() => {}) // likewise
    this.deps.touched()
    head.fulfil()
  }

  outlook(id: string): PresetOutlook {
    const preset = this.shelf.find(id)
    const head = preset && this.deps.heads.find(preset.body.camera)
    return preset ? outlookOf(this.shown(preset), head?.state()) : {}
  }

  names(): NamedPreset[] {
    return this.shelf.all().map(namedOf)
  }

  /** Presets of cameras that are no more. */
  async tidy(): Promise<void> {
    const cameras = new Set(this.deps.cameras().map(({ id }) => id))
    for (const { id, body } of this.shelf.all()) if (!cameras.has(body.camera)) await this.erase(id)
  }

  private async travel(preset: StoredPreset, by: Controller, how: How): Promise<Arrival> {
    const answer = await this.journeys.go(preset, by, how)
    this.deps.touched()
    return answer
  }

  private list(camera: string, search = ''): Preset[] {
    const sought = search.toLowerCase()
    const found = this.shelf.of(camera).filter(({ body: { name, shotId = '' } }) => {
      return name.toLowerCase().includes(sought) || shotId.toLowerCase().includes(sought)
    })
    return found.map(preset => this.shown(preset))
  }

  private add(camera: string, { name, shotId }: NewPreset, actor: string): Promise<Preset> {
    const head = this.deps.heads.head(camera)
    return this.turns.run(camera, async () => {
      this.shelf.admit(shotId, '')
      const place = await capture(head, name)
      const { id } = await this.shelf.add({ camera, name, ...place, ...(shotId !== undefined && { shotId }) })
      head.standsAt(id, place.position)
      await this.picture(camera, id)
      this.note('preset.added', camera, id, `Preset ${name} was saved.`, actor)
      return this.shown(this.shelf.preset(camera, id))
    })
  }

  private change({ id, body }: StoredPreset, { name, shotId, here }: PresetPatch, actor: string): Promise<Preset> {
    const { camera } = body
    return this.turns.run(camera, async () => {
      const head = here ? this.deps.heads.head(camera) : undefined
      const place = head && (await capture(head, name ?? body.name))
      await this.shelf.change(id, ({ shotId: shot, position, own, lost, ...rest }) => {
        const after = shotId === undefined ? shot : (shotId ?? undefined)
        const before = { ...(position && { position }), ...(own && { own }), ...(lost && { lost }) }
        const called = name === undefined ? {} : { name }
        return { ...rest, ...called, ...(place ?? before), ...(after !== undefined && { shotId: after }) }
      })
      if (place) {
        await this.forgetOnCamera(body)
        head?.standsAt(id, place.position)
        await this.picture(camera, id)
      }
      this.note('preset.changed', camera, id, `Preset ${body.name} was changed.`, actor)
      return this.shown(this.shelf.preset(camera, id))
    })
  }

  private async remove({ id, body }: StoredPreset, actor: string): Promise<void> {
    await this.erase(id)
    this.deps.heads.find(body.camera)?.forget(id)
    await this.forgetOnCamera(body)
    this.note('preset.removed', body.camera, id, `Preset ${body.name} was deleted.`, actor)
  }

  private async order(camera: string, ids: string[]): Promise<Preset[]> {
    const all = this.shelf.of(camera)
    const unknown = ids.find(id => !all.some(preset => preset.id === id))
    if (unknown !== undefined) throw new VistterError('UNKNOWN_REFERENCE', `This camera has no preset ${unknown}.`)
    const named = new Set(ids)
    const rest = all.map(({ id }) => id).filter(id => !named.has(id))
    const wanted = [...named, ...rest].map(id => ({ id, order: this.shelf.preset(camera, id).body.order }))
    for (const [id, order] of renumbered(wanted)) await this.shelf.change(id, body => ({ ...body, order }))
    return this.list(camera)
  }

  /** All or none: what is wrong with the document is found before anything is changed. */
  private import(camera: string, { presets }: PresetFile, replace: boolean, actor: string): Promise<Preset[]> {
    return this.turns.run(camera, async () => {
      const shots = presets.flatMap(({ shotId }) => (shotId === undefined ? [] : [shotId]))
      const twice = shots.find((shot, n) => shots.indexOf(shot) !== n)
      if (twice !== undefined) throw new VistterError('PRESET_SHOT_TAKEN', `The shot ${twice} is there twice.`)
      for (const shot of shots) this.shelf.admit(shot, '', replace ? camera : undefined)
      const before = replace ? this.shelf.of(camera) : []
      for (const { id, body } of before) {
        await this.erase(id)
        // One without a place is nothing but what the camera keeps: the document may name it.
        if (body.position) await this.forgetOnCamera(body)
      }
      for (const { token, ...preset } of presets) {
        await this.shelf.add({ camera, ...preset, ...(token !== undefined && { own: { token, name: preset.name } }) })
      }
      this.note('presets.imported', camera, '', `${presets.length} presets were imported.`, actor)
      return this.list(camera)
    })
  }

  private async picture(camera: string, id: string): Promise<void> {
    if (await this.deps.pictures.take(camera, id)) await this.shelf.change(id, body => ({ ...body, thumbnail: true }))
  }

  private async erase(id: string): Promise<void> {
    await this.shelf.remove(id)
    await this.deps.pictures.remove(id).catch(() => {}) // a file too many harms nobody
  }

  /** Makes room in the camera, when it answers; what is not ours any more stays. */
  private async forgetOnCamera({ camera, own, lost }: PresetBody): Promise<void> {
    const head = this.deps.heads.find(camera)
    if (own && !lost && head?.reachable) await head.ask(driver => driver.removePreset(own.token)).catch(() => {})
  }

  private shown(preset: StoredPreset): Preset {
    const { camera, position, lost } = preset.body
    const head = this.deps.heads.find(camera)
    if (head?.state().pending === preset.id) return shown(preset, 'pending')
    const goesByPosition = position && (!head?.reachable || head.capabilities.absolute)
    if (!lost) return shown(preset, 'ready')
    return shown(preset, goesByPosition ? 'repaired' : 'lost')
  }

  private camera(id: string | undefined): string {
    const camera = this.deps.cameras().find(one => one.id === id)
    if (!camera) throw new VistterError('NOT_FOUND', `There is no camera ${id}.`)
    return camera.id
  }

  private preset(camera: string | undefined, id: string | undefined): StoredPreset {
    return this.shelf.preset(this.camera(camera), id)
  }

  private note(type: string, camera: string, preset: string, message: string, actor: string): void {
    const data = { camera, ...(preset && { preset }) }
    this.deps.record({ type, severity: 'info', message, actor, data })
    this.deps.touched()
  }
}

const namedOf = ({ id, body: { camera, name, shotId } }: StoredPreset): NamedPreset => {
  return { id, camera, name, ...(shotId !== undefined && { shotId }) }
}
