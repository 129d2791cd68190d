import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CameraSource } from '../../runtime/contract/generated/engine.v1.ts'
import { camera, EngineStage, program } from '../peers/engine-stage.ts'
import { HlsCameras } from '../peers/hls-camera.ts'
import { decodeErrors, type Picture, packets, pictures, probe } from '../peers/media.ts'

/** Cameras and programs of every shape; what a viewer would see of a square in the middle of the camera's picture. */
const [GROUND, SQUARE] = [80, 235]

interface Shape {
  name: string
  /** As it is coded, and the shape of its pixels. */
  size: [width: number, height: number]
  sar: [num: number, den: number]
  fit?: CameraSource['fit']
  /** Of the program. */
  into: string
  /** What of the program shows the camera, and the side of its square there (a half of the camera's height). */
  shown: [width: number, height: number]
  side: number
}

const SHAPES: Shape[] = [
  { name: 'odd', size: [1366, 768], sar: [1, 1], into: '640x360', shown: [640, 360], side: 180 },
  { name: 'pal', size: [704, 576], sar: [12, 11], into: '640x360', shown: [480, 360], side: 180 },
  { name: 'palcrop', size: [704, 576], sar: [12, 11], fit: 'crop', into: '640x360', shown: [640, 360], side: 240 },
  { name: 'vga', size: [640, 480], sar: [1, 1], into: '640x360', shown: [480, 360], side: 180 },
  { name: 'phone', size: [540, 960], sar: [1, 1], into: '640x360', shown: [202, 360], side: 180 },
  { name: 'tall', size: [1366, 768], sar: [1, 1], into: '1080x1920', shown: [1080, 608], side: 304 },
]

const stage = new EngineStage()
const cameras = new HlsCameras()
let files: Record<string, string> = {}

/** A square of half the height of what is seen; in coded pixels it is as wide as those are narrow. */
function drawn({ size: [width, height], sar: [num, den] }: Shape): string {
  const [w, h] = [Math.round((height / 2) * (den / num)), height / 2]
  const ground = `color=0x${GROUND.toString(16).repeat(3)}:size=${width}x${height}:rate=10,setsar=${num}/${den}`
  return `${ground},drawbox=x=${(width - w) / 2}:y=${(height - h) / 2}:w=${w}:h=${h}:color=white:t=fill`
}

beforeAll(async () => {
  await cameras.start()
  const sources = await Promise.all(
    SHAPES.map(async shape => camera(shape.name, await cameras.add(shape.name, drawn(shape)), { fit: shape.fit })),
  )
  await stage.show(
    sources,
    SHAPES.map(({ name, into }) => program(name, into, '10', name)),
  )
  await stage.record()
  await stage.sourcesAreOnAir()
  await stage.produce('odd', 15)
  files = await stage.recorded()
}, 60_000)
afterAll(async () => {
  await stage.end()
  cameras.stop()
})

test.each(SHAPES)('$name: $size.0 × $size.1 of pixels $sar.0:$sar.1 in $into', async ({ name, into, shown, side }) => {
  const file = files[name] ?? ''
  const [width = 0, height = 0] = into.split('x').map(Number)
  expect((await probe(file)).video).toMatchObject({ width, height })
  expect(await decodeErrors(file)).toBe('')
  const [picture] = await pictures(file, (await packets(file, 'v')).length - 1)
  if (!picture) throw new Error('no picture')
  const [x, y] = [width / 2, height / 2]
  const [across, down] = [line(picture, n => [n, y], width), line(picture, n => [x, n], height)]
  // An edge may lie within a pixel of chroma.
  expect(Math.abs(extent(across, 200) - side)).toBeLessThanOrEqual(2)
  expect(Math.abs(extent(down, 200) - side)).toBeLessThanOrEqual(2)
  expect(Math.abs(middle(across, 200) - x)).toBeLessThanOrEqual(2)
  expect(Math.abs(middle(down, 200) - y)).toBeLessThanOrEqual(2)
  // Around the camera's own ground there is black, or nothing.
  const [left, top] = [
    line(picture, n => [n, 20 + (height - shown[1]) / 2], width),
    line(picture, n => [Math.round(x - shown[0] / 2.5), n], height),
  ]
  expect(Math.abs(extent(left, 45) - shown[0])).toBeLessThanOrEqual(2)
  expect(Math.abs(extent(top, 45) - shown[1])).toBeLessThanOrEqual(2)
  expect(picture.at(x, y)[0]).toBeGreaterThan(SQUARE - 4)
})

test('2160p: colour bars stand on exactly their columns, in colours of BT.709', async () => {
  const uhd = new EngineStage()
  try {
    await uhd.show(
      [{ kind: 'bars', id: 'bars', name: 'Bars', tone: false }],
      [program('uhd', '3840x2160', '5', 'bars')],
    )
    await uhd.record({ videoBitrate: 20_000 })
    await uhd.sourcesAreOnAir()
    await uhd.produce('uhd', 5)
    const { uhd: file = '' } = await uhd.recorded()
    expect((await probe(file)).video).toMatchObject({ width: 3840, height: 2160, colorSpace: 'bt709' })
    expect(await decodeErrors(file)).toBe('')
    const [picture] = await pictures(file, (await packets(file, 'v')).length - 1)
    for (const [bar, luma] of [235, 168, 145, 134, 63, 51, 28, 16].entries())
      for (const x of [bar * 480 + 1, bar * 480 + 240, bar * 480 + 478])
        for (const y of [0, 1_080, 2_159])
          expect(Math.abs((picture?.at(x, y)[0] ?? -9) - luma), `${x}, ${y}`).toBeLessThanOrEqual(3)
  } finally {
    await uhd.end()
  }
})

/** Luma along a line of the picture. */
const line = (picture: Picture, at: (n: number) => [number, number], length: number): number[] =>
  Array.from({ length }, (_, n) => picture.at(...at(n))[0])

/** How many pixels are lighter. */
const extent = (values: number[], than: number) => values.filter(value => value > than).length
const middle = (values: number[], than: number) =>
  (values.findIndex(value => value > than) + values.findLastIndex(value => value > than) + 1) / 2
