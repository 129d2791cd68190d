import type { Shelf } from '../ports.ts'
import type { Announced } from './uses.ts'

export type ManifestBody = Omit<Announced, 'id'>

/** What was announced to be needed: kept over restarts, until another manifest leaves it out. */
export class Manifest {
  private readonly shelf: Shelf<ManifestBody>

  constructor(shelf: Shelf<ManifestBody>) {
    this.shelf = shelf
  }

  list(): Announced[] {
    return this.shelf.list().map(({ id, body }) => ({ id, ...body }))
  }

  /** From now on this is all that is announced. Of an asset that is known in a newer version the newer one stays. */
  async replace(items: readonly Announced[]): Promise<void> {
    const ids = new Set(items.map(({ id }) => id))
    for (const { id } of this.shelf.list()) if (!ids.has(id)) await this.shelf.remove(id)
    for (const { id, ...body } of items)
      await this.shelf.write(id, present => ({
        body: present && present.body.version > body.version ? present.body : body,
      }))
  }
}
