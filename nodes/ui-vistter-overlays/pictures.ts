import { onBeforeUnmount, type Ref, ref, watch } from 'vue'

/** Between two tries while others ask for pictures, too, or the engine is away (ms), and how many. */
const AGAIN_MS = 700
const MOST_TRIES = 8
const BUSY = [429, 503]

/** One after the other: the appliance draws beside the show, and turns away who asks for many at once. */
let queue: Promise<unknown> = Promise.resolve()

/** The picture at a path of the API as an address for an image; undefined while there is none. */
export function usePicture(path: () => string | undefined): Ref<string | undefined> {
  const shown = ref<string>()
  let asked = 0

  const show = (picture: Blob | undefined) => {
    if (shown.value) URL.revokeObjectURL(shown.value)
    shown.value = picture && URL.createObjectURL(picture)
  }
  const ask = () => {
    const mine = ++asked
    queue = queue.then(async () => {
      const wanted = path()
      // Whoever moves a slider asks often: only the last one counts.
      if (mine !== asked || wanted === undefined) return
      const picture = await load(wanted, () => mine === asked)
      if (mine === asked) show(picture)
    })
  }

  watch(path, ask, { immediate: true })
  onBeforeUnmount(() => {
    asked = -1
    show(undefined)
  })
  return shown
}

async function load(path: string, wanted: () => boolean): Promise<Blob | undefined> {
  for (let n = 0; n < MOST_TRIES && wanted(); n++) {
    const answer = await fetch(`/api/v1${path}`, { cache: 'no-store' }).catch(() => undefined)
    if (answer?.ok) return answer.blob().catch(() => undefined)
    if (answer && !BUSY.includes(answer.status)) return undefined
    await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
  }
  return undefined
}
