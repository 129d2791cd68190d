import type { Turning } from '../ports.ts'

/** The presets at which cameras stand, by name and as shots of Studio. */
export const standing = (cameras: readonly { id: string }[], turning: Pick<Turning, 'standsAt'>): string[] =>
  cameras.flatMap(({ id }) => {
    const { name, shotId } = turning.standsAt(id) ?? {}
    return [name ?? [], shotId ?? []].flat()
  })
