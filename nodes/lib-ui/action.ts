import { type Ref, ref } from 'vue'
import { asProblem, type Problem } from './api.ts'

/** One thing a button does: busy while it runs, and the problem when it was refused. A second press while busy does nothing. */
export interface Action {
  busy: Ref<boolean>
  problem: Ref<Problem | undefined>
  /** Resolves to whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>
}

export function useAction(): Action {
  const busy = ref(false)
  const problem = ref<Problem>()
  const run = async (work: () => Promise<unknown>) => {
    if (busy.value) return false
    busy.value = true
    problem.value = undefined
    try {
      await work()
      return true
    } catch (thrown) {
      problem.value = asProblem(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
