import { setTimeout as pause } from 'node:timers/promises'
import { Stage } from '../peers/stage.ts'
import { type Figures, rounded } from './figure.ts'
import { movingLayers } from './moving-layers.ts'
import { picturesBetween } from './peers/judge.ts'
import { gaps, measure } from './show3.ts'

const PROFILE = { width: 1920, height: 1080, fps: 60, videoBitrate: 6000, audioBitrate: 128, keyframeInterval: 2 }
const SECONDS = 60

/**
 * One 1080p60 camera under three layers that all move (slides that fade over the whole frame, a ticker, a title), one x264
 * ultrafast encode: frames that were repeated, left out, or are missing in what the platform recorded.
 */
export async function oclShow(seconds = SECONDS): Promise<Figures> {
  const stage = new Stage({ fps: 60 })
  try {
    await stage.start({ width: 1920, height: 1080, fps: 60 })
    await stage.onAir({ ...PROFILE, preset: 'ultrafast' })
    await stage.api.put('/overlays/moving', movingLayers)
    await stage.api.post('/overlays/moving/play')
    await pause(5_000)
    const { dropped } = (await stage.program()).frames
    const { cores, produced, repeated, from, to, parts } = await measure(stage, seconds)
    const left = (await stage.program()).frames.dropped - dropped
    const [file] = await stage.recordings()
    const lost = gaps(picturesBetween(file, from, to).map(({ time }) => time))
    return {
      'ocl.show60': {
        value: repeated + left + lost,
        unit: 'frames',
        note: `lost of ${produced} in ${seconds} s (${repeated} repeated, ${left} left out, ${lost} missing in the recording); ${rounded(cores)} cores; ${parts}`,
      },
    }
  } finally {
    await stage.end()
  }
}
