import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssetsSync } from '../../../contract/generated/studio.v1.ts'
import type { Config } from '../config.ts'
import type { Acts, Desk } from './desk.ts'

/** Of a package of a segment (bytes). */
const LARGEST = 2 * 1_024 ** 3

type ManifestAsset = AssetsSync['data']['manifest'][number]

interface Deps {
  desk: Desk
  config: Config
  /** Says how the box is to Studio, and answers it. */
  summary(): Promise<Record<string, unknown>>
  packages: {
    folder: string
    fetch(wanted: { url: string; sha256: string; path: string; most: number }): Promise<void>
  }
}

type BoxActs = Pick<
  Acts,
  | 'vistter.command.assets.sync'
  | 'vistter.command.segment.publish'
  | 'vistter.command.health.request'
  | 'vistter.command.config.get'
  | 'vistter.command.config.patch'
>

/** What is kept here, and how the box is. */
export function boxActs({ desk, config, summary, packages }: Deps): BoxActs {
  return {
    'vistter.command.assets.sync': async ({ manifest }) => {
      const assets = await desk.ask<object[]>('syncAssets', {}, { manifest: manifest.map(announced) })
      return { result: { assets } }
    },
    'vistter.command.segment.publish': async ({ url, sha256 }) => {
      const file = join(packages.folder, `${randomUUID()}.vseg`)
      await packages.fetch({ url, sha256, path: file, most: LARGEST })
      try {
        const kept = await desk.ask<{ id: string; version: unknown; notes: unknown[] }>(
          'addSegment',
          {},
          { package: file },
        )
        return { result: { id: kept.id, version: kept.version, notes: kept.notes } }
      } finally {
        await rm(file, { force: true })
      }
    },
    'vistter.command.health.request': async () => ({ result: await summary() }),
    'vistter.command.config.get': async () => ({ result: { ...(await config.read()) } }),
    'vistter.command.config.patch': async (data, { begunAt }) => ({
      result: { ...(await config.change(data, begunAt)) },
    }),
  }
}

/** Studio may count versions, or name them; or have none. */
export function announced({ version = 0, ...asset }: ManifestAsset) {
  const number = Number(version)
  return { ...asset, version: Number.isSafeInteger(number) && number >= 0 ? number : 0 }
}
