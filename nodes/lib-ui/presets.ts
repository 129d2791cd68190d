import { onMounted, type Ref, ref, watch } from 'vue'
import type { Preset } from '../../runtime/contract/generated/openapi.v1.ts'
import { asProblem, call, type Problem } from './api.ts'
import { useLive } from './live.ts'

export interface Presets {
  /** In their order; undefined until they are known. */
  presets: Ref<Preset[] | undefined>
  problem: Ref<Problem | undefined>
  reload(): Promise<void>
}

/** The presets of a camera, read anew when the appliance says that they have changed. Without a camera there are none. */
export function usePresets(camera: () => string | undefined): Presets {
  const live = useLive()
  const presets = ref<Preset[]>()
  const problem = ref<Problem>()
  let loading: Promise<void> | undefined
  let again = false

  const load = async () => {
    const id = camera()
    try {
      const read = id ? await call<Preset[]>('GET', `/cameras/${id}/presets`) : []
      if (id !== camera()) again = true
      else presets.value = read
      problem.value = undefined
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  const reload = () => {
    again = loading !== undefined
    loading ??= load().finally(() => {
      loading = undefined
      if (again) void reload()
    })
    return loading
  }
  const news = () => {
    const id = camera() ?? ''
    const { pending, reachable } = live.cameras[id]?.state.ptz ?? {}
    return `${id} ${live.presets[id]} ${pending} ${reachable} ${live.link === 'live'}`
  }
  onMounted(() => void reload())
  watch(news, () => void reload())
  return { presets, problem, reload }
}
