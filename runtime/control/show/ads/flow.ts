/** A network of pipes with whole numbers: one more unit goes wherever there is a way, be it by turning others aside. */
export class Flow {
  private readonly out: number[][] = []
  private readonly target: number[] = []
  /** What still goes through; an odd pipe is the way back of the one before it. */
  private readonly room: number[] = []

  node(): number {
    return this.out.push([]) - 1
  }

  /** Answers the pipe. */
  pipe(from: number, to: number, room: number): number {
    const pipe = this.target.push(to, from) - 2
    this.room.push(room, 0)
    this.out[from]?.push(pipe)
    this.out[to]?.push(pipe + 1)
    return pipe
  }

  /** What goes through a pipe. */
  through(pipe: number): number {
    return this.room[pipe + 1] ?? 0
  }

  /** One unit along these pipes, if every one has room. */
  push(pipes: readonly number[]): boolean {
    if (!pipes.every(pipe => (this.room[pipe] ?? 0) > 0)) return false
    for (const pipe of pipes) this.move(pipe)
    return true
  }

  /** One more unit from here to there, by the shortest way; false: there is none, and there will be none. */
  more(from: number, to: number): boolean {
    const cameBy = new Map<number, number>()
    const next = [from]
    for (const node of next) {
      if (node === to) break
      for (const pipe of this.out[node] ?? []) {
        const target = this.target[pipe] ?? from
        if ((this.room[pipe] ?? 0) === 0 || target === from || cameBy.has(target)) continue
        cameBy.set(target, pipe)
        next.push(target)
      }
    }
    if (!cameBy.has(to)) return false
    for (let node = to; node !== from; ) {
      const pipe = cameBy.get(node) ?? 0
      this.move(pipe)
      node = this.target[pipe ^ 1] ?? from
    }
    return true
  }

  private move(pipe: number): void {
    this.room[pipe] = (this.room[pipe] ?? 0) - 1
    this.room[pipe ^ 1] = (this.room[pipe ^ 1] ?? 0) + 1
  }
}
