import { onBeforeUnmount, type Ref, ref, watch } from 'vue'
import type { Timeline } from '../../../runtime/contract/generated/openapi.v1.ts'
import { asProblem, call, type Problem } from '../../lib-ui/api.ts'
import { useLive } from '../../lib-ui/live.ts'

/** Changes of cameras, presets and overlays come many at once: what they mean for timelines is asked for when they rest (ms). */
const REST_MS = 400

/** Every timeline with its cues, read anew when one of them, or what they need, has changed. */
export function useTimelines(): {
  list: Ref<Timeline[] | undefined>
  problem: Ref<Problem | undefined>
  reload(): Promise<void>
} {
  const live = useLive()
  const list = ref<Timeline[]>()
  const problem = ref<Problem>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const reload = async () => {
    try {
      list.value = await call<Timeline[]>('GET', '/timelines')
      problem.value = undefined
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  const news = () => {
    const timelines = Object.values(live.timelines).map(({ id, revision }) => `${id} ${revision}`)
    const stock = [...Object.keys(live.cameras), ...Object.keys(live.overlays), ...Object.values(live.presets)]
    return [live.link === 'live', ...timelines, ...stock].join()
  }
  watch(
    news,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => live.link === 'live' && void reload(), REST_MS)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => clearTimeout(timer))
  return { list, problem, reload }
}
