import type { Page } from 'playwright-core'
import { sleep } from '../../runtime/lib/clock.ts'
import { BARCODE_BITS, CONTENT_SECONDS } from '../peers/content.ts'
import type { RtspCamera } from '../peers/rtsp-camera.ts'
import { until } from '../peers/run.ts'

/** Pictures a second of the camera's content, and how long one round of it takes (ms). */
const FPS = 30
const LOOP_MS = CONTENT_SECONDS * 1_000
/** As many looks, at intervals that have no common measure with the pictures', make a judgement. */
const LOOKS = 20
const EVERY_MS = 113
/** Less than this (ms) is live to a person. */
const LIVE_MS = 1_000

/**
 * Glass to glass: waits until 95 of 100 looks at the page see a picture that the camera sent less than a second before, as
 * its number tells, and answers those ages (ms, sorted). A busy machine holds everything up now and then; the player has to
 * catch up by itself.
 */
export function closeToLive(page: Page, camera: RtspCamera): Promise<number[]> {
  let last: number[] = []
  const judged = async () => {
    last = await ages(page, camera) // throws before there is a picture
    return (last[Math.ceil(LOOKS * 0.95) - 1] ?? LOOP_MS) < LIVE_MS && last
  }
  return until('the preview is less than a second behind', judged, { timeoutMs: 30_000 }).catch(error => {
    throw new Error(`${error.message}; the last ages were ${last.map(Math.round).join(' ')} ms`)
  })
}

async function ages(page: Page, camera: RtspCamera): Promise<number[]> {
  const all: number[] = []
  for (let n = 0; n < LOOKS; n++) {
    const [began, { number, at }] = [await camera.clock(), await shownNumber(page)]
    const age = at - began - (number * 1_000) / FPS
    all.push(((age % LOOP_MS) + LOOP_MS) % LOOP_MS)
    await sleep(EVERY_MS)
  }
  return all.sort((a, b) => a - b)
}

/** The number in the test picture that the program's video shows now (see peers/content.ts), and when now is (UTC ms). */
function shownNumber(page: Page): Promise<{ number: number; at: number }> {
  return page.evaluate(`(() => {
    const video = document.querySelector('.vs-program video')
    const width = video.videoWidth / 2
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = 1
    const context = canvas.getContext('2d')
    context.drawImage(video, 0, video.videoHeight / 36, width, 1, 0, 0, width, 1)
    const at = performance.timeOrigin + performance.now()
    const { data } = context.getImageData(0, 0, width, 1)
    let number = 0
    for (let bit = 0; bit < ${BARCODE_BITS}; bit++) {
      const middle = Math.floor(((bit + 0.5) * width) / ${BARCODE_BITS})
      if (data[middle * 4] > 128) number += 2 ** bit
    }
    return { number, at }
  })()`)
}
