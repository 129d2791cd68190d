/** Removes from a map, and answers, what has this id. */
export function taken<T>(things: Map<string, T>, id: string): T | undefined {
  const thing = things.get(id)
  things.delete(id)
  return thing
}
