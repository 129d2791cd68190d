import type { AssetCache } from '../../runtime/contract/generated/openapi.v1.ts'
import { fileSize } from '../lib-ui/format.ts'

type File = AssetCache['files'][number]

/** What people know a file by: the names that documents give it. */
export const fileNames = ({ uses, sha256 }: Pick<File, 'uses' | 'sha256'>): string =>
  [...new Set(uses.map(({ asset }) => asset))].join(', ') || `${sha256.slice(0, 12)}…`

/** Who needs it. */
export function fileUse({ uses }: Pick<File, 'uses'>): string {
  const named = (list: File['uses']) => [...new Set(list.flatMap(({ overlay }) => overlay ?? []))].join(', ')
  const onAir = named(uses.filter(({ playing }) => playing))
  if (onAir) return `on air in ${onAir}`
  const others = named(uses)
  if (uses.some(({ overlay }) => overlay === undefined)) return others ? `announced, and in ${others}` : 'announced'
  return others ? `in ${others}` : 'no overlay names it any more'
}

export const isOnAir = ({ uses }: Pick<File, 'uses'>): boolean => uses.some(({ playing }) => playing)

/** Those that may go. */
export const looseOf = (files: File[]): File[] => files.filter(({ pinned }) => !pinned)

/** How much room there is, in a sentence. */
export function roomWords({
  quotaBytes,
  usedBytes,
  files,
}: {
  quotaBytes: number
  usedBytes: number
  files: unknown[] | number
}): string {
  const count = typeof files === 'number' ? files : files.length
  return `${count === 1 ? '1 file' : `${count} files`}, ${fileSize(usedBytes)} of ${fileSize(quotaBytes)}`
}
