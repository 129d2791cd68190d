import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { Preview, previewSize } from '../../runtime/engine/preview.ts'
import { sleep } from '../../runtime/lib/clock.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Previews of two programs that no encoder of the show runs for, and which of them run. An end takes `endMs`. */
function previews(endMs = 0) {
  const running: string[] = []
  const gone = async (program: string) => {
    if (endMs > 0) await sleep(endMs)
    running.splice(running.indexOf(program), 1)
  }
  const preview = new Preview({
    running: () => [],
    sizeOf: () => ({ width: 1280, height: 720 }),
    start: ({ program }) => {
      running.push(program)
      return { relay: new Relay(), stop: () => gone(program) }
    },
  })
  return { preview, running, watch: (program: string) => preview.relayFor(program)?.release ?? expect.fail() }
}

test.each([
  ['a usual program', 1920, 1080, 640, 360],
  ['a vertical one', 1080, 1920, 360, 640],
  ['an old television', 704, 576, 640, 524],
  ['one that is small anyway', 320, 180, 320, 180],
  ['a ribbon', 3840, 240, 640, 64],
])('%s of %d x %d is looked at in %d x %d', (_, width, height, ...small) => {
  const size = previewSize({ width, height })
  expect([size.width, size.height]).toEqual(small)
})

test('viewers share a preview, which lingers a while after the last one', async () => {
  const { running, watch } = previews()
  const [one, two] = [watch('main'), watch('main')]
  expect(running).toEqual(['main'])
  one()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(running).toEqual(['main'])
  two()
  await vi.advanceTimersByTimeAsync(9_000)
  expect(running).toEqual(['main'])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(running).toEqual([])
})

test('a program that ends takes only its own preview along, and a viewer of it does not count for the next one', async () => {
  const { preview, running, watch } = previews()
  watch('main')
  const old = watch('feed')
  await preview.end('feed')
  expect(running).toEqual(['main'])
  watch('feed')
  old()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(running).toEqual(['main', 'feed'])
})

test.each([
  ['a program', (preview: Preview) => preview.end('main')],
  ['the engine', (preview: Preview) => preview.stop()],
])('the end of %s waits for a preview that is just ending', async (_, end) => {
  const { preview, running, watch } = previews(2_000)
  watch('main')()
  await vi.advanceTimersByTimeAsync(10_500)
  expect(running).toEqual(['main'])
  const ended = end(preview).then(() => [...running])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await ended).toEqual([])
})
