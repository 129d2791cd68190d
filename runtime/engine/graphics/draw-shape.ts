import type { CanvasGradient, SKRSContext2D } from '@napi-rs/canvas'
import type { Gradient, Shape } from '../../contract/generated/ocl.v1.ts'
import type { Size } from '../../ocl/types.ts'
import type { Element } from './element.ts'

/** A rectangle or an ellipse that fills its box; the stroke lies inside its edge. */
export function shapeElement(shape: Shape, { width, height }: Size): Element {
  return {
    ink: { x: 0, y: 0, width, height },
    paint({ context }) {
      const { color, gradient, stroke } = shape
      outline(context, shape, { width, height }, 0)
      if (gradient) context.fillStyle = gradientOf(context, gradient, { width, height })
      else context.fillStyle = color ?? '#00000000'
      context.fill()
      if (!stroke || stroke.width === 0) return
      const line = Math.min(stroke.width, width / 2, height / 2)
      outline(context, shape, { width, height }, line / 2)
      context.lineWidth = line
      context.strokeStyle = stroke.color
      context.stroke()
    },
  }
}

/** The shape's edge, or a line that runs so far inside it. */
function outline(context: SKRSContext2D, { type, radius = 0 }: Shape, { width, height }: Size, inside: number): void {
  const [w, h] = [width - 2 * inside, height - 2 * inside]
  context.beginPath()
  if (type === 'ellipse') context.ellipse(width / 2, height / 2, w / 2, h / 2, 0, 0, 2 * Math.PI)
  else {
    const corner = Math.min(radius, width / 2, height / 2)
    context.roundRect(inside, inside, w, h, Math.max(0, corner - inside))
  }
}

/** Its line goes through the middle and is so long that the corners have the first and the last colour, as in CSS. */
function gradientOf(context: SKRSContext2D, { angle = 0, stops }: Gradient, { width, height }: Size): CanvasGradient {
  const turn = (angle * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const half = (Math.abs(width * cos) + Math.abs(height * sin)) / 2
  const [x, y] = [width / 2, height / 2]
  const gradient = context.createLinearGradient(x - half * cos, y - half * sin, x + half * cos, y + half * sin)
  for (const { at, color } of [...stops].sort((a, b) => a.at - b.at)) gradient.addColorStop(at, color)
  return gradient
}
