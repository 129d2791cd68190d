/** What the decision needs to know of a file. */
export interface Weighed {
  sha256: string
  bytes: number
  usedAt: number
  /** It must not go. */
  pinned: boolean
  /** An overlay names it that does not play. */
  named: boolean
}

/**
 * Which files go so that all fits into the quota: what nobody names before what an overlay names, each time what was not
 * used for longest first. Undefined: it does not fit, so nothing needs to go. Pure.
 */
export function evict(files: readonly Weighed[], bytesMore: number, quotaBytes: number): string[] | undefined {
  const loose = files
    .filter(({ pinned }) => !pinned)
    .sort((a, b) => Number(a.named) - Number(b.named) || a.usedAt - b.usedAt)
  let total = files.reduce((sum, { bytes }) => sum + bytes, bytesMore)
  const gone: string[] = []
  for (const { sha256, bytes } of loose) {
    if (total <= quotaBytes) break
    gone.push(sha256)
    total -= bytes
  }
  return total <= quotaBytes ? gone : undefined
}
