import type { Shelf, Stored } from '../../runtime/control/ports.ts'

/** A shelf in memory: one change after another, and each takes its time, as on a disk. */
export function memoryShelf<Body>(): Shelf<Body> {
  const kept = new Map<string, Stored<Body>>()
  let tail: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => T): Promise<T> => {
    const result = tail.then(() => new Promise(resolve => setImmediate(resolve))).then(work)
    tail = result.catch(() => {})
    return result
  }
  return {
    list: () => [...kept.values()],
    find: id => kept.get(id),
    write: (id, change) =>
      inTurn(() => {
        const present = kept.get(id)
        kept.set(id, { id, secrets: present?.secrets ?? {}, ...change(present) })
      }),
    remove: id => inTurn(() => kept.delete(id)),
  }
}
