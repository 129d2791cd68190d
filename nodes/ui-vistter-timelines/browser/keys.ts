import type { Editing } from './editing.ts'

const SECOND = 1_000
/** One frame and a bit: as fine as keys go (ms). */
const FINE = 100

/** What keys do in the editor; where somebody types, they type. Answers whether the key was meant for it. */
export function pressKey(
  event: KeyboardEvent,
  editing: Editing,
  more: { save(): void; zoom(factor: number): void },
): boolean {
  const { target, key, shiftKey } = event
  if (target instanceof Element && target.closest('input, select, textarea, dialog')) return false
  // What has the focus elsewhere on the page has its keys, too.
  if (target instanceof Element && target !== document.body && !target.closest('.vs-editor')) return false
  const command = event.ctrlKey || event.metaKey
  const deed = command ? COMMANDS[key.toLowerCase()] : KEYS[key]
  if (!deed) return false
  deed({ editing, step: shiftKey ? FINE : SECOND, shift: shiftKey, ...more })
  return true
}

interface Means {
  editing: Editing
  /** How far (ms). */
  step: number
  shift: boolean
  save(): void
  zoom(factor: number): void
}

const COMMANDS: Record<string, (means: Means) => void> = {
  z: ({ editing, shift }) => (shift ? editing.redo() : editing.undo()),
  y: ({ editing }) => editing.redo(),
  c: ({ editing }) => editing.copy(),
  x({ editing }) {
    editing.copy()
    editing.remove()
  },
  v: ({ editing }) => editing.paste(),
  d: ({ editing }) => editing.duplicate(),
  a({ editing }) {
    editing.selected.value = new Set(editing.draft.value.cues.map(({ id }) => id))
  },
  s: ({ save }) => save(),
}

const KEYS: Record<string, (means: Means) => void> = {
  Delete: ({ editing }) => editing.remove(),
  Backspace: ({ editing }) => editing.remove(),
  ArrowLeft: means => along(means, -means.step),
  ArrowRight: means => along(means, means.step),
  Home: ({ editing }) => seek(editing, 0),
  End: ({ editing }) => seek(editing, editing.length.value),
  Escape: ({ editing }) => editing.select(undefined),
  '+': ({ zoom }) => zoom(1.5),
  '-': ({ zoom }) => zoom(1 / 1.5),
}

/** What is selected moves; nothing is: the playhead does. */
function along({ editing }: Means, by: number): void {
  if (editing.selected.value.size > 0) editing.move(by)
  else seek(editing, editing.playhead.value + by)
}

const seek = ({ playhead }: Editing, at: number): void => {
  playhead.value = Math.max(0, at)
}
