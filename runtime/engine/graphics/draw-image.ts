import type { AssetFit } from '../../contract/generated/ocl.v1.ts'
import type { Size } from '../../ocl/types.ts'
import type { Element } from './element.ts'
import { pictureOf } from './pictures.ts'

/** A picture in its box: stretched, whole, or so that it fills it. */
export function imageElement(file: string, natural: Size, fit: AssetFit = 'fill', picture?: number): Element {
  const { width, height } = natural
  return {
    ink: { x: 0, y: 0, width, height },
    async paint({ context }) {
      const image = await pictureOf(file, picture)
      context.imageSmoothingQuality = 'high'
      const across = width / image.width
      const down = height / image.height
      const by = fit === 'contain' ? Math.min(across, down) : Math.max(across, down)
      const drawn = fit === 'fill' ? natural : { width: image.width * by, height: image.height * by }
      context.beginPath()
      context.rect(0, 0, width, height)
      if (fit === 'cover') context.clip()
      context.drawImage(image, (width - drawn.width) / 2, (height - drawn.height) / 2, drawn.width, drawn.height)
    },
  }
}
