import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { Layer } from './tool.ts'

/** The three layers of `layers.ts` as pictures of just their size, which is what serves these tools best. */
export function layerPictures(folder: string): Layer[] {
  return [
    draw(join(folder, 'bar.png'), { x: 0, y: 880 }, 1920, 200, context => {
      context.fillStyle = '#10182099'
      context.fillRect(0, 0, 1920, 200)
    }),
    draw(join(folder, 'logo.png'), { x: 1504, y: 54 }, 320, 160, context => {
      context.fillStyle = '#ff660080'
      context.roundRect(0, 0, 320, 160, 24)
      context.fill()
    }),
    draw(join(folder, 'title.png'), { x: 136, y: 908 }, 600, 88, context => {
      context.fillStyle = '#ffffff'
      context.font = '72px sans-serif'
      context.fillText('Live from Pier 7', 0, 68)
    }),
  ]
}

function draw(
  file: string,
  at: { x: number; y: number },
  width: number,
  height: number,
  paint: (context: SKRSContext2D) => void,
): Layer {
  const canvas = createCanvas(width, height)
  paint(canvas.getContext('2d'))
  writeFileSync(file, canvas.toBuffer('image/png'))
  return { file, ...at }
}
