import { VistterError } from '../../../contract/errors.ts'
import { newId } from '../../../lib/ids.ts'
import type { Shelf } from '../../ports.ts'
import type { PresetBody, StoredPreset } from './preset.ts'

/** The presets of all cameras. A shot belongs to one of them only, whichever two requests come at the same time. */
export class PresetShelf {
  private readonly shelf: Shelf<PresetBody>
  private readonly changes = new Map<string, number>()

  constructor(shelf: Shelf<PresetBody>) {
    this.shelf = shelf
  }

  all(): StoredPreset[] {
    return this.shelf.list()
  }

  /** How often those of a camera have changed since the start: whoever shows them need not read them all to know. */
  revisions(): { id: string; revision: number }[] {
    return [...this.changes].map(([id, revision]) => ({ id, revision }))
  }

  /** In their order. */
  of(camera: string): StoredPreset[] {
    const mine = this.all().filter(({ body }) => body.camera === camera)
    return mine.sort((a, b) => a.body.order - b.body.order || (a.id < b.id ? -1 : 1))
  }

  find(id: string): StoredPreset | undefined {
    return this.shelf.find(id)
  }

  preset(camera: string, id: string | undefined): StoredPreset {
    const preset = this.shelf.find(id ?? '')
    if (preset?.body.camera !== camera) throw missing(id)
    return preset
  }

  /** As the last one of its camera. */
  async add(body: Omit<PresetBody, 'order' | 'journeys'>): Promise<StoredPreset> {
    const id = newId()
    await this.shelf.write(id, () => {
      this.admit(body.shotId, id)
      const last = this.all().reduce((most, one) => {
        return one.body.camera === body.camera ? Math.max(most, one.body.order) : most
      }, -1)
      const order = last + 1
      return { body: { ...body, order, journeys: [] } }
    })
    this.changed(body.camera)
    return this.preset(body.camera, id)
  }

  async change(id: string, change: (body: PresetBody) => PresetBody): Promise<void> {
    await this.shelf.write(id, present => {
      if (!present) throw missing(id)
      const body = change(present.body)
      this.admit(body.shotId, id)
      return { body }
    })
    this.changed(this.find(id)?.body.camera)
  }

  async remove(id: string): Promise<boolean> {
    const camera = this.find(id)?.body.camera
    const removed = await this.shelf.remove(id)
    this.changed(camera)
    return removed
  }

  /** Throws where another preset has the shot; those of `but` do not count. */
  admit(shotId: string | undefined, id: string, but?: string): void {
    if (shotId === undefined) return
    const other = this.all().find(one => one.id !== id && one.body.camera !== but && one.body.shotId === shotId)
    if (!other) return
    throw new VistterError('PRESET_SHOT_TAKEN', `The shot ${shotId} is the preset ${other.body.name} already.`, {
      camera: other.body.camera,
      preset: other.id,
    })
  }

  private changed(camera: string | undefined): void {
    if (camera !== undefined) this.changes.set(camera, (this.changes.get(camera) ?? 0) + 1)
  }
}

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `This camera has no preset ${id}.`)
