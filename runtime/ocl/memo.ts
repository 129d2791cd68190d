import type { Changes } from './changes.ts'
import type { Looked, Seen } from './content.ts'
import type { Still } from './resolve.ts'
import type { Stretch } from './stretches.ts'

/**
 * What was worked out of an item, by whom it is named after. It is kept with the item: in weak maps one after the other it
 * would outlive its document until a long collection, and be looked up at every frame.
 */
export interface Memo {
  still?: Still
  looks?: Map<string, Looked>
  last?: Seen
  stretches?: Stretch[]
  changes?: Changes
}
