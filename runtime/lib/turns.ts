/** Works that share a key are done one after another, in the order in which they were asked for. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>()

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.last.get(key) ?? Promise.resolve()).then(work)
    this.last.set(
      key,
      result.catch(() => {}), // who asked is told; the next one has its turn all the same
    )
    return result
  }
}
