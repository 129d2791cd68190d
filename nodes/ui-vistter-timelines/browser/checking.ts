import { type Ref, ref, watch } from 'vue'
import type { DryRun } from '../../../runtime/contract/generated/openapi.v1.ts'
import { useAction } from '../../lib-ui/action.ts'
import { call, type Problem } from '../../lib-ui/api.ts'

interface Checking {
  /** What the appliance found when it went through a day; undefined: not asked, or something has changed since. */
  found: Ref<DryRun | undefined>
  busy: Ref<boolean>
  problem: Ref<Problem | undefined>
  check(): Promise<unknown>
}

/** Goes through a day of a timeline as it is saved. What is found counts until `changed` tells something else. */
export function useChecking(id: Readonly<Ref<string>>, changed: () => unknown): Checking {
  const found = ref<DryRun>()
  const { busy, problem, run } = useAction()
  watch(changed, () => {
    found.value = undefined
  })
  const check = () =>
    run(async () => {
      found.value = await call<DryRun>('POST', `/timelines/${id.value}/dry-run`, {})
    })
  return { found, busy, problem, check }
}
