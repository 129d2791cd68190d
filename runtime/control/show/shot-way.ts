import type { Swing } from '../../contract/generated/openapi.v1.ts'

/** What covers the swing: the camera's own last picture, or another source. */
export type Cover = 'still' | { source: string }

interface Facts {
  /** The camera verifiably stands where it shall. */
  stands: boolean
  /** The program of the shot shows it, live. */
  here: boolean
  /** Who else does, in words. */
  elsewhere: readonly string[]
  swing: Swing
}

/** What happens before the take; `refused`: it cannot be done out of sight. */
export type Way =
  | { do: 'take'; why: string }
  | { do: 'move'; why: string }
  | { do: 'cover'; cover: Cover; why: string }
  | { do: 'refuse'; why: string }

/** How a camera comes to its preset without anybody seeing it turn. Pure. */
export function wayOf({ stands, here, elsewhere, swing }: Facts): Way {
  if (stands) return { do: 'take', why: 'the camera stands at the preset already' }
  if (swing === 'show' && (here || elsewhere.length > 0)) return { do: 'move', why: 'viewers may see it turn' }
  // A cover in one program would hide nothing in the other.
  if (elsewhere.length > 0) return { do: 'refuse', why: `${elsewhere.join(' and ')} would show it turning` }
  if (!here) return { do: 'move', why: 'nobody sees the camera' }
  if (swing === 'slate') return { do: 'cover', cover: { source: 'slate' }, why: 'the slate covers the swing' }
  if (typeof swing === 'object')
    return { do: 'cover', cover: { source: swing.cutaway }, why: 'another camera covers the swing' }
  return { do: 'cover', cover: 'still', why: 'its last picture covers the swing' }
}
