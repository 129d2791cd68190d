import { onBeforeUnmount, type Ref, ref } from 'vue'

/** The wall time (UTC ms) as a ref that moves every `everyMs` while the component is on the page. */
export function useNow(everyMs: number): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => {
    now.value = Date.now()
  }, everyMs)
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
