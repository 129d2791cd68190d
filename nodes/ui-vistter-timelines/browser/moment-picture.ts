import { onBeforeUnmount, type Ref, ref, watch } from 'vue'
import type { MomentRequest } from '../../../runtime/contract/generated/openapi.v1.ts'

/** The playhead has to rest so long before its moment is drawn (ms): the appliance draws beside the show. */
const REST_MS = 120
/** Between two tries while others ask for pictures, too, or the engine is away (ms). */
const AGAIN_MS = 700
const MOST_TRIES = 8
const BUSY = [429, 503]

/** One after the other: who drags the playhead must not be turned away for asking for many at once. */
let queue: Promise<unknown> = Promise.resolve()

/** What viewers would see, drawn by the appliance, as an address for an image; `drawing` while a newer one is on its way. */
export function useMomentPicture(request: () => MomentRequest): {
  shown: Ref<string | undefined>
  drawing: Ref<boolean>
} {
  const shown = ref<string>()
  const drawing = ref(false)
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const show = (picture: Blob | undefined) => {
    if (shown.value) URL.revokeObjectURL(shown.value)
    shown.value = picture && URL.createObjectURL(picture)
  }
  const ask = (body: string, mine: number) => {
    queue = queue.then(async () => {
      if (mine !== asked) return
      const picture = await load(body, () => mine === asked)
      if (mine !== asked) return
      drawing.value = false
      show(picture)
    })
  }
  watch(
    () => JSON.stringify(request()),
    body => {
      const mine = ++asked
      drawing.value = true
      clearTimeout(timer)
      timer = setTimeout(() => ask(body, mine), REST_MS)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    asked = -1
    clearTimeout(timer)
    show(undefined)
  })
  return { shown, drawing }
}

async function load(body: string, isWanted: () => boolean): Promise<Blob | undefined> {
  const headers = { 'content-type': 'application/json' }
  for (let n = 0; n < MOST_TRIES && isWanted(); n++) {
    const answer = await fetch('/api/v1/timelines/picture', { method: 'POST', headers, body }).catch(() => undefined)
    if (answer?.ok) return answer.blob().catch(() => undefined)
    if (answer && !BUSY.includes(answer.status)) return undefined
    await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
  }
  return undefined
}
