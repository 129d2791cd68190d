import { VistterError } from '../../runtime/contract/errors.ts'

/** One rule of the contract, as something that can be tried. */
export interface Case<Context> {
  name: string
  /** The heading of docs/studio/channel.md that says it. */
  clause: string
  /** Answers what was seen, in a few words. Throws where it is not as it should be. */
  run(context: Context): Promise<string>
}

export interface Verdict {
  suite: string
  name: string
  clause: string
  passed: boolean
  /** What was seen; where it failed, what should have been, too. */
  seen: string
  ms: number
}

/** The same clause for a row of cases. */
export const under =
  <Context>(clause: string) =>
  (name: string, run: (context: Context) => Promise<string>): Case<Context> => ({ name, clause, run })

/** Answers what was seen, or says what should have been. */
export function shouldBe(right: boolean, wanted: string, seen: unknown): string {
  const words = typeof seen === 'string' ? seen : JSON.stringify(seen)
  if (!right) throw new Error(`wanted ${wanted}, saw ${(words ?? 'nothing').slice(0, 500)}`)
  return (words ?? wanted).slice(0, 200)
}

/** Waits for something that will be there soon; what was there last otherwise. */
export async function eventually<T>(look: () => T | Promise<T>, right: (value: T) => boolean, ms = 5_000): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const value = await look()
    if (right(value) || performance.now() > end) return value
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Runs cases one after another: each is on its own, and none keeps the next from running. */
export async function conform<Context>(
  suite: string,
  cases: Case<Context>[],
  context: Context,
  told: (verdict: Verdict) => void = () => {},
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { name, clause, run } of cases) {
    const began = performance.now()
    const { passed, seen } = await run(context).then(
      seen => ({ passed: true, seen }),
      error => ({ passed: false, seen: wordsOf(error) }),
    )
    const verdict = { suite, name, clause, passed, seen, ms: Math.round(performance.now() - began) }
    verdicts.push(verdict)
    told(verdict)
  }
  return verdicts
}

function wordsOf(error: unknown): string {
  if (error instanceof VistterError) return `${error.code}: ${error.message}`
  return error instanceof Error ? error.message : String(error)
}
