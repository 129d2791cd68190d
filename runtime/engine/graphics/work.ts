import { drawSprite } from './draw.ts'
import type { JobKind, Jobs } from './jobs.ts'
import { encodeJpeg, encodePng } from './jpeg.ts'
import { probe } from './pictures.ts'
import { drawSlate } from './slate.ts'
import { measureTexts } from './text-layout.ts'

/** Each job as it is done, in whatever process. */
export const work: { [K in JobKind]: (ask: Jobs[K]['ask']) => Promise<Jobs[K]['answer']> | Jobs[K]['answer'] } = {
  measure: measureTexts,
  probe,
  sprite: drawSprite,
  slate: drawSlate,
  jpeg: encodeJpeg,
  png: encodePng,
}
