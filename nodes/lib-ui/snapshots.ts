import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue'

/**
 * Snapshots, one after the other, instead of an endless MJPEG: a browser opens six connections to a host, and the program,
 * the events and the dashboard hold three of them already.
 */
const EVERY_MS = 1_000

/** The newest picture of a camera as an address for an image; undefined while there is none. It follows as long as the component stands. */
export function useSnapshots(
  path: () => string,
  hasPicture: () => boolean,
  everyMs = EVERY_MS,
): Ref<string | undefined> {
  const shown = ref<string>()
  const end = new AbortController()
  let timer: number | undefined

  const show = (picture: Blob | undefined) => {
    if (shown.value) URL.revokeObjectURL(shown.value)
    shown.value = picture && URL.createObjectURL(picture)
  }
  const follow = async () => {
    // Nobody looks at a hidden page, and the appliance has better things to do.
    if (!document.hidden) show(hasPicture() ? await load(path(), end.signal) : undefined)
    if (!end.signal.aborted) timer = window.setTimeout(() => void follow(), everyMs)
  }

  onMounted(() => void follow())
  onBeforeUnmount(() => {
    end.abort()
    clearTimeout(timer)
    show(undefined)
  })
  return shown
}

async function load(path: string, signal: AbortSignal): Promise<Blob | undefined> {
  try {
    const answer = await fetch(path, { signal, cache: 'no-store' })
    return answer.ok ? await answer.blob() : undefined
  } catch {
    // Gone for the moment: the next round tells.
    return undefined
  }
}
