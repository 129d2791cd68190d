import { createHash } from 'node:crypto'
import { createCanvas } from '@napi-rs/canvas'

/** As good as for ever: the lower third stays until it is stopped. */
const A_MONTH = 30 * 24 * 3_600_000

/** The demo's overlay as an OCL document: a plate with the place's name that fades in, and a logo with soft edges. */
export function lowerThird(): unknown {
  const png = logo()
  const sha256 = createHash('sha256').update(png).digest('hex')
  const fadeIn = { in: { type: 'fade', duration: '700ms', easing: 'ease-out' } }
  const cue = (id: string, layer: number, x: number, y: number, content: object, properties: object = {}) => ({
    id,
    start: 't+500ms',
    duration: A_MONTH,
    layer,
    ...content,
    transition: fadeIn,
    properties: { position: { anchor: 'bottom-left', x, y }, ...properties },
  })
  const plate = { shape: { type: 'rectangle', color: '#0d1b34cc', radius: 18 } }
  const name = { text: { value: '{{locationName}}', size: 52, color: '#ffffff' } }
  const claim = { text: { value: 'Live, day and night', size: 30, color: '#ffd9a0' } }
  return {
    ocl: '1.0',
    timeline: { id: 'demo', version: '1', frameRate: 30, resolution: { width: 1920, height: 1080 } },
    assets: [
      {
        id: 'logo',
        url: `data:image/png;base64,${png.toString('base64')}`,
        sha256,
        mediaType: 'image/png',
        rights: { tags: ['own'] },
      },
    ],
    scenes: [
      {
        id: 'on-air',
        start: 0,
        tracks: [
          {
            id: 'lower-third',
            kind: 'lower-third',
            cues: [
              cue('plate', 0, 0, 0, plate, { size: { width: 760, height: 160 } }),
              cue('name', 1, 170, 74, name),
              cue('claim', 1, 172, 30, claim),
              cue('logo', 2, 24, 20, { assetRef: 'logo' }, { size: { width: 120, height: 120 } }),
            ],
          },
        ],
      },
    ],
    fallbacks: { text: '' },
  }
}

/** A round emblem with a half transparent rim; flat colours keep its data URL short. */
function logo(): Buffer {
  const size = 120
  const middle = size / 2
  const canvas = createCanvas(size, size)
  const c = canvas.getContext('2d')
  const disc = (radius: number, colour: string) => {
    c.fillStyle = colour
    c.beginPath()
    c.arc(middle, middle, radius, 0, 2 * Math.PI)
    c.fill()
  }
  disc(58, 'rgba(255,200,140,0.45)')
  disc(46, '#f2a27e')
  c.fillStyle = '#17304f'
  c.beginPath()
  c.moveTo(middle - 15, middle - 25)
  c.lineTo(middle + 29, middle)
  c.lineTo(middle - 15, middle + 25)
  c.closePath()
  c.fill()
  return canvas.toBuffer('image/png')
}
