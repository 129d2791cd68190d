import { computed, type Ref, ref, shallowRef } from 'vue'
import { type Draft, type DraftCue, hasPicture, lengthOf } from '../model/cue.ts'
import { added, changed, type Edge, moved, removed, resized, swapped } from '../model/edits.ts'
import { begun, did, redone, undone } from '../model/history.ts'
import { type Magnets, snap, snapMove } from '../model/snap.ts'

/** What was copied: for all timelines of this page. */
const clipboard = shallowRef<readonly DraftCue[]>([])

/** A new cue lasts so long (ms). */
const USUAL = 10_000

const freshId = (): string => crypto.randomUUID()

/** A timeline under somebody's hands: its states, what is selected, where the playhead is. It knows nothing of the appliance. */
export function useEditing(from: Draft) {
  const history = shallowRef(begun(from))
  /** While something is dragged: what it would become. */
  const trial = shallowRef<Draft>()
  const selected: Ref<ReadonlySet<string>> = shallowRef(new Set<string>())
  const playhead = ref(0)
  /** What comes later makes room. */
  const push = ref(false)

  const draft = computed(() => trial.value ?? history.value.present)
  const length = computed(() => lengthOf(draft.value.cues))
  const chosen = computed(() => draft.value.cues.filter(({ id }) => selected.value.has(id)))

  const apply = (next: Draft, step?: string) => {
    trial.value = undefined
    history.value = did(history.value, next, step)
  }
  const present = () => history.value.present
  const select = (id: string | undefined, more = false) => {
    const ids = new Set(more ? selected.value : [])
    if (id !== undefined && !(more && ids.delete(id))) ids.add(id)
    selected.value = ids
  }
  const insert = (cues: readonly DraftCue[], by: number) => {
    const fresh = cues.map(cue => ({ ...cue, id: freshId() }))
    apply(added(present(), fresh, by))
    selected.value = new Set(fresh.map(({ id }) => id))
    // What is new is what one wants to see.
    const starts = present().cues.flatMap(({ id, start }) => (selected.value.has(id) ? [start] : []))
    if (starts.length > 0) playhead.value = Math.min(...starts)
  }
  const magnetsFor = (ids: ReadonlySet<string>, reach: number): Magnets => {
    const others = present().cues.filter(({ id }) => !ids.has(id))
    const marks = [playhead.value, 0, ...others.flatMap(({ start, duration }) => [start, start + duration])]
    return { marks, seconds: true, reach }
  }

  return {
    ...{ draft, history, trial, selected, chosen, playhead, push, length, clipboard, select },
    /** Goes to another state altogether, such as what somebody else has saved. */
    begin(next: Draft) {
      trial.value = undefined
      history.value = begun(next)
      selected.value = new Set([...selected.value].filter(id => next.cues.some(cue => cue.id === id)))
    },
    undo() {
      history.value = undone(history.value)
    },
    redo() {
      history.value = redone(history.value)
    },
    say: (patch: Partial<Draft>, step?: string) => apply({ ...present(), ...patch }, step),
    /** Answers whether it could be. */
    change(cue: DraftCue, step?: string): boolean {
      const next = changed(present(), cue)
      apply(next, step)
      return next.cues.some(each => each.id === cue.id && JSON.stringify(each) === JSON.stringify(cue))
    },
    add: (what: Omit<DraftCue, 'id' | 'start' | 'duration'>, duration = USUAL) =>
      insert([{ id: '', start: Math.round(playhead.value), duration, ...what }], 0),
    /** At the end of all pictures, where shows are mostly written on. */
    append(what: Omit<DraftCue, 'id' | 'start' | 'duration'>, duration = USUAL) {
      insert([{ id: '', start: lengthOf(present().cues.filter(hasPicture)), duration, ...what }], 0)
    },
    remove() {
      apply(removed(present(), selected.value, push.value))
      selected.value = new Set()
    },
    move: (by: number) => apply(moved(present(), selected.value, by)),
    startAt: (id: string, at: number) => {
      const cue = present().cues.find(each => each.id === id)
      if (cue) apply(moved(present(), new Set([id]), at - cue.start))
    },
    endAt: (id: string, at: number) => apply(resized(present(), id, 'end', at, push.value)),
    swap: (id: string, direction: -1 | 1) => apply(swapped(present(), id, direction)),
    copy() {
      clipboard.value = chosen.value
    },
    paste() {
      const first = Math.min(...clipboard.value.map(({ start }) => start))
      if (clipboard.value.length > 0) insert(clipboard.value, Math.round(playhead.value) - first)
    },
    duplicate() {
      const cues = chosen.value
      if (cues.length > 0) insert(cues, lengthOf(cues) - Math.min(...cues.map(({ start }) => start)))
    },
    /** A drag that goes on: `by` in ms; `reach` (ms) is how near a magnet draws, 0 none. */
    dragMove(by: number, reach: number) {
      const ids = selected.value
      const span = chosenSpan(present().cues.filter(({ id }) => ids.has(id)))
      trial.value = moved(present(), ids, snapMove(span, by, magnetsFor(ids, reach)))
    },
    dragEdge(id: string, edge: Edge, to: number, reach: number) {
      trial.value = resized(present(), id, edge, snap(to, magnetsFor(new Set([id]), reach)), push.value)
    },
    drop() {
      if (trial.value) apply(trial.value)
    },
    /** The drag was not meant. */
    cancel() {
      trial.value = undefined
    },
  }
}

export type Editing = ReturnType<typeof useEditing>

function chosenSpan(cues: readonly DraftCue[]): { start: number; end: number } {
  return { start: Math.min(...cues.map(({ start }) => start)), end: lengthOf(cues) }
}
