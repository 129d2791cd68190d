import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Overlay, Picture } from '../../contract/generated/engine.v1.ts'
import type { OclDocument } from '../../contract/generated/ocl.v1.ts'
import { systemClock } from '../../lib/clock.ts'
import { createLog } from '../../lib/log.ts'
import { resolve } from '../../ocl/index.ts'
import { parseFrameRate } from '../../ocl/time.ts'
import { reachedOn } from '../graphics/reached.ts'
import { assetFiles } from './asset-files.ts'
import { writeClip } from './clip.ts'
import { Darkroom } from './darkroom.ts'
import type { Easel } from './easel.ts'
import { groundOf } from './ground.ts'
import type { Order } from './order.ts'
import { playedBy } from './played.ts'

export interface Rendered {
  file: string
  width: number
  height: number
  frames: number
  /** What is not shown as meant. */
  warnings: { code: string; path?: string; message: string }[]
}

/** Draws a validated document into a file: a picture, a clip, or (ending .yuv) the bare I420 frames before any encoder. */
export async function render(document: OclDocument, order: Order): Promise<Rendered> {
  const warnings: Rendered['warnings'] = []
  const scratch = mkdtempSync(join(tmpdir(), 'vistter-ocl-'))
  const darkroom = new Darkroom({
    clock: systemClock,
    log: createLog('vistter-ocl', 'silent'),
    event: ({ message, data }) => {
      if (!warnings.some(known => known.message === message)) warnings.push({ code: codeOf(data), message })
    },
    id: 'renderer',
  })
  darkroom.start()
  try {
    const { files, remarks } = assetFiles(document.assets ?? [], order.assets ?? dirname(order.file), scratch)
    for (const message of remarks) warnings.push({ code: 'ASSET_CHECKSUM', message })
    const fps = order.fps ?? String(document.timeline.frameRate)
    const { width, height } = order.size ?? document.timeline.resolution
    const picture: Picture = { width: even(width), height: even(height), frameRate: { num: 1, den: 1 } }
    const { background } = order
    const ground =
      background === 'black' || background === 'checker'
        ? groundOf(background, picture)
        : await darkroom.image(background, picture)
    const overlay = playedBy(document, order, files)
    const start = startOf(order.take)
    warnings.push(...lacks(document, overlay(start), start))
    const subject = { layers: [{ since: 0, overlay }], picture, ground }
    const rate = parseFrameRate(fps) ?? 30
    const frames = await darkroom.draw(subject, easel => expose(easel, darkroom, order, picture, rate))
    return { file: order.out, width: picture.width, height: picture.height, frames, warnings }
  } finally {
    await darkroom.stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Writes the file; answers how many frames it has. */
async function expose(easel: Easel, darkroom: Darkroom, order: Order, picture: Picture, rate: number): Promise<number> {
  const { take, out } = order
  const times = timesOf(take, rate)
  if (out.endsWith('.yuv')) await writeFile(out, framesOf(easel, times, rate))
  else if ('at' in take)
    writeFileSync(out, await darkroom.png(await easel.still(take.at, 1_000 / rate), picture, picture.width))
  else await writeClip(out, { ...picture, fps: order.fps ?? String(rate) }, framesOf(easel, times, rate))
  return times.length
}

/** Frame n stands at n times the length of a frame, never at a sum that has drifted. */
function timesOf(take: Order['take'], rate: number): number[] {
  if ('at' in take) return [take.at]
  const count = Math.max(1, Math.round(((take.to - take.from) * rate) / 1_000))
  return Array.from({ length: count }, (_, n) => take.from + (n * 1_000) / rate)
}

async function* framesOf(easel: Easel, times: number[], rate: number): AsyncGenerator<Uint8Array> {
  for (const [n, t] of times.entries()) yield n === 0 ? await easel.still(t, 1_000 / rate) : await easel.frame(t)
}

/** What the language itself has to say of the first moment, such as words that have no value. */
function lacks(document: OclDocument, { tokens, playing }: Overlay, t: number): Rendered['warnings'] {
  const { scene } = playing ?? {}
  const context = { tokens, ...(scene !== undefined && { scene }), ...reachedOn(document, playing) }
  return resolve(document, t, context).warnings.map(({ code, path, message }) => ({ code, path, message }))
}

const startOf = (take: Order['take']): number => ('at' in take ? take.at : take.from)

/** As 4:2:0 needs. */
const even = (pixels: number): number => 2 * Math.max(32, Math.round(pixels / 2))

const codeOf = (data: object | undefined): string => (data && 'code' in data ? String(data.code) : 'RENDERER_FAILED')
