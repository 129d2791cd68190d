/** What a finger or a mouse does once it is down: how far it has gone (px), and its end. */
interface Drag {
  /** From where it went down, and where it is in the window. */
  move(dx: number, event: PointerEvent): void
  /** `meant`: false when the system took the pointer away, or Escape was pressed. */
  end(meant: boolean): void
}

/** Less than this is a tap (px). */
const SLACK = 4

/**
 * Follows the pointer that went down with `event` until it is let go; a tap is no drag and calls nothing. `holder` stays
 * where it is while things under it move, and so keeps the pointer, also outside the window.
 */
export function followPointer({ pointerId, clientX, button }: PointerEvent, holder: Element, drag: Drag): void {
  if (button !== 0) return
  let dragging = false
  const over = new AbortController()
  const { signal } = over
  const stop = (meant: boolean) => {
    over.abort()
    if (dragging) drag.end(meant)
  }
  const hear = (type: 'pointermove' | 'pointerup' | 'pointercancel', what: (event: PointerEvent) => void) =>
    window.addEventListener(type, event => event.pointerId === pointerId && what(event), { signal })
  hear('pointermove', event => {
    if (!dragging && Math.abs(event.clientX - clientX) <= SLACK) return
    if (!dragging) holder.setPointerCapture(pointerId)
    dragging = true
    drag.move(event.clientX - clientX, event)
  })
  hear('pointerup', () => stop(true))
  hear('pointercancel', () => stop(false))
  window.addEventListener('keydown', ({ key }) => key === 'Escape' && stop(false), { signal, capture: true })
}
