import { onBeforeUnmount, type Ref, ref, watch } from 'vue'

/** A text that has not changed for so long is settled (ms); one that never rests counts now and then all the same. */
const QUIET_MS = 1_000
const LONGEST_MS = 10_000

/** A text as it was when it last settled: for what is too dear to follow every change. */
export function useSettled(text: () => string): Ref<string> {
  const settled = ref(text())
  let timer: ReturnType<typeof setTimeout> | undefined
  let since: number | undefined

  const settle = () => {
    since = undefined
    settled.value = text()
  }
  watch(text, () => {
    clearTimeout(timer)
    since ??= Date.now()
    timer = setTimeout(settle, Math.max(0, Math.min(QUIET_MS, since + LONGEST_MS - Date.now())))
  })
  onBeforeUnmount(() => clearTimeout(timer))
  return settled
}
