import { VistterError } from '../../contract/errors.ts'
import type { AssetCache, AssetManifest } from '../../contract/generated/openapi.v1.ts'
import { rfc3339 } from '../../lib/clock.ts'
import { type Operations, operation, type Recorder } from '../ports.ts'
import type { Cache } from './cache.ts'
import type { Room } from './room.ts'
import { type Announced, isPinned, type Use } from './uses.ts'

interface Deps {
  cache: Cache
  room: Room
  uses(): Map<string, Use[]>
  quotaBytes(): number
  sync(manifest: readonly Announced[]): Promise<unknown>
  changed(): Promise<void>
  record: Recorder
}

/** What people may do about the files of overlays: look who needs what, and make room. */
export function assetOperations({ cache, room, uses, quotaBytes, sync, changed, record }: Deps): Operations {
  const cached = (): AssetCache => {
    const by = uses()
    const files = cache.list().map(({ sha256, mediaType, bytes, addedAt, usedAt }) => ({
      ...{ sha256, mediaType, bytes, addedAt: rfc3339(addedAt), usedAt: rfc3339(usedAt) },
      pinned: isPinned(by.get(sha256)),
      uses: by.get(sha256) ?? [],
    }))
    return { quotaBytes: quotaBytes(), usedBytes: room.usedBytes, files }
  }

  const remove = async (gone: string[], actor: string): Promise<void> => {
    for (const sha256 of gone) await cache.remove(sha256)
    const message = `Files of overlays were deleted here: ${gone.length}.`
    record({ type: 'asset.removed', severity: 'info', message, actor, data: { sha256: gone.slice(0, 10) } })
    await changed()
  }

  return {
    getAssetCache: operation(cached),
    emptyAssetCache: operation(async ({ actor }) => {
      const by = uses()
      const loose = cache.list().filter(({ sha256 }) => !isPinned(by.get(sha256)))
      if (loose.length > 0)
        await remove(
          loose.map(({ sha256 }) => sha256),
          actor.name,
        )
      return cached()
    }),
    removeCachedAsset: operation(async ({ params, actor }) => {
      const sha256 = params.sha256?.toLowerCase() ?? ''
      if (!cache.has(sha256)) throw new VistterError('NOT_FOUND', `There is no file ${sha256}.`)
      const onAir = uses()
        .get(sha256)
        ?.find(({ playing }) => playing)
      if (onAir) throw new VistterError('CONFLICT', `Overlay ${onAir.overlay} shows it: stop that first.`)
      await remove([sha256], actor.name)
    }),
    syncAssets: operation<AssetManifest>(({ body }) => sync(body.manifest)),
  }
}
