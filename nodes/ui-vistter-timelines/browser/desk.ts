import { type EffectScope, effectScope } from 'vue'
import type { Timeline } from '../../../runtime/contract/generated/openapi.v1.ts'
import { draftOf } from '../model/cue.ts'
import { type Editing, useEditing } from './editing.ts'

interface Desk {
  id: string
  editing: Editing
  scope: EffectScope
}

/** What lies on the table: one timeline at a time. */
let desk: Desk | undefined

/**
 * The timeline under somebody's hands, for longer than the widget that shows it: the dashboard draws its widgets anew whenever
 * its own connection was away, and what was selected and can be undone must not be lost by that.
 */
export const desks = {
  editing(timeline: Timeline): Editing {
    if (desk?.id === timeline.id) return desk.editing
    desks.clear()
    const scope = effectScope(true)
    const editing = scope.run(() => useEditing(draftOf(timeline)))
    if (!editing) throw new Error('the table is gone')
    desk = { id: timeline.id, editing, scope }
    return editing
  },
  /** The appliance has given it another id. */
  rename(from: string, to: string): void {
    if (desk?.id === from) desk.id = to
  },
  clear(): void {
    desk?.scope.stop()
    desk = undefined
  },
}
