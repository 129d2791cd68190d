import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VistterError } from '../../contract/errors.ts'
import type { SoundAsset } from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { type Operations, operation, type Recorder, type Shelf, type Stored } from '../ports.ts'
import { soundType } from './media-type.ts'

export interface SoundBody {
  name: string
  mediaType: string
  bytes: number
  sha256: string
  createdAt: number
}

interface Deps {
  shelf: Shelf<SoundBody>
  folder: string
  clock: Clock
  /** Whether a program is to play it. */
  used(sound: { id: string; name: string }): boolean
  changed(): Promise<void>
  record: Recorder
}

/** As many as anyone needs, and no flood. */
const MOST = 200

/** Sound files that were uploaded, as beds of programs; the same content is kept once. */
export class Sounds {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** What there is, with the file of each. */
  kept(): { id: string; name: string; file: string }[] {
    return this.deps.shelf.list().map(({ id, body }) => ({ id, name: body.name, file: this.file(body) }))
  }

  operations(): Operations {
    return {
      listAssets: operation(() => this.deps.shelf.list().map(shown)),
      addAsset: operation<Buffer, { name: string }>(({ body, query, actor }) => this.add(query.name, body, actor.name)),
      removeAsset: operation(({ params, actor }) => this.remove(params.id ?? '', actor.name)),
    }
  }

  private async add(name: string, content: Buffer, actor: string): Promise<SoundAsset> {
    const { shelf, folder, clock, changed, record } = this.deps
    const mediaType = soundType(content)
    if (!mediaType) throw new VistterError('SOUND_UNREADABLE', `${name} is no sound file that can be used here.`)
    if (shelf.list().some(({ body }) => body.name === name))
      throw new VistterError('CONFLICT', `There is a sound ${name} already.`)
    if (shelf.list().length >= MOST) throw new VistterError('CONFLICT', `There are ${MOST} sounds; delete some.`)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const body = { name, mediaType, bytes: content.length, sha256, createdAt: clock.now() }
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    const part = `${this.file(body)}.${newId()}.part`
    await writeFile(part, content, { mode: 0o640 })
    await rename(part, this.file(body))
    const id = newId()
    await shelf.write(id, () => ({ body }))
    record({ type: 'asset.added', severity: 'info', message: `Sound ${name} was added.`, actor, data: { asset: id } })
    await changed()
    return shown({ id, body })
  }

  private async remove(id: string, actor: string): Promise<void> {
    const { shelf, used, changed, record } = this.deps
    const found = shelf.find(id)
    if (!found) throw new VistterError('NOT_FOUND', `There is no sound ${id}.`)
    const { name, sha256 } = found.body
    if (used({ id, name })) throw new VistterError('CONFLICT', `A program plays ${name}: give it another bed first.`)
    await shelf.remove(id)
    if (!shelf.list().some(({ body }) => body.sha256 === sha256)) await rm(this.file(found.body), { force: true })
    record({
      type: 'asset.removed',
      severity: 'info',
      message: `Sound ${name} was deleted.`,
      actor,
      data: { asset: id },
    })
    await changed()
  }

  private file({ sha256 }: SoundBody): string {
    return join(this.deps.folder, sha256)
  }
}

const shown = ({ id, body }: Pick<Stored<SoundBody>, 'id' | 'body'>): SoundAsset => ({
  id,
  ...body,
  createdAt: rfc3339(body.createdAt),
})
