import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { CONTENT_SECONDS, type Content, encodeContent } from '../../test/peers/content.ts'
import { CELL, COLUMNS, ROWS, type Still } from '../../test/peers/ptz/scene.ts'
import { run } from '../../test/peers/run.ts'

/**
 * What the demo's cameras look at: two drawn scenes that move and repeat without a seam every CONTENT_SECONDS.
 * `phase` runs from 0 to 1 over one repetition, so everything is a function of it with whole numbers of turns.
 */
type Draw = (c: SKRSContext2D, phase: number) => void

const WIDTH = 1280
const HEIGHT = 720
const FPS = 30
const TURN = 2 * Math.PI

export const harbour = (): Promise<Content> => scene('demo-harbour', drawHarbour, 'brown', 600, 0.25)
export const square = (): Promise<Content> => scene('demo-square', drawSquare, 'pink', 1_200, 0.08)

/** The harbour for a camera that turns: one large picture, of which it sees a part. */
export async function wideHarbour(): Promise<Still> {
  const [width, height] = [COLUMNS * CELL, ROWS * CELL]
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.scale(width / WIDTH, height / HEIGHT)
  drawHarbour(context, 0.2)
  const size = ['-video_size', `${width}x${height}`]
  const planar = ['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1']
  const from = ['-f', 'rawvideo', '-pix_fmt', 'rgba', ...size, '-i', 'pipe:0']
  const picture = await run('ffmpeg', ['-v', 'error', ...from, ...planar], 60_000, [Buffer.from(canvas.data())])
  const chroma = (width / 2) * (height / 2)
  const [luma, cb] = [picture.subarray(0, width * height), picture.subarray(width * height, width * height + chroma)]
  return { width, height, luma, cb, cr: picture.subarray(width * height + chroma) }
}

function scene(name: string, draw: Draw, noise: string, lowpass: number, loudness: number): Promise<Content> {
  const sound = `anoisesrc=color=${noise}:sample_rate=48000:seed=7,lowpass=f=${lowpass},tremolo=f=0.125:d=0.6,volume=${loudness}`
  return encodeContent({
    name,
    picture: `-f rawvideo -pix_fmt rgba -video_size ${WIDTH}x${HEIGHT} -framerate ${FPS} -i pipe:0`.split(' '),
    sound: ['-f', 'lavfi', '-i', sound],
    rate: '3M',
    frames: () => frames(draw),
  })
}

function* frames(draw: Draw): Generator<Buffer> {
  const canvas = createCanvas(WIDTH, HEIGHT)
  const context = canvas.getContext('2d')
  const count = CONTENT_SECONDS * FPS
  for (let n = 0; n < count; n++) {
    draw(context, n / count)
    yield Buffer.from(canvas.data())
  }
}

function drawHarbour(c: SKRSContext2D, phase: number): void {
  const horizon = 400
  fillVertical(c, 0, horizon, ['#1f3a68', '#6f7fae', '#f2a27e', '#ffd9a0'])
  disc(c, 930, 330, 120, 'rgba(255,240,200,0.25)')
  disc(c, 930, 330, 58, '#fff1cf')
  ridge(c, horizon, 60, 0.004, '#5b5f86')
  ridge(c, horizon, 34, 0.009, '#3f4a6e')
  fillVertical(c, horizon, HEIGHT, ['#e7a586', '#56729b', '#17304f'])
  for (let row = 0; row < 46; row++) {
    const depth = row / 46
    const y = horizon + 6 + depth * depth * 310
    const x = 930 + Math.sin(TURN * (phase * (2 + (row % 3)) + row * 0.37)) * (14 + 190 * depth)
    const width = (30 + 150 * depth) * (0.7 + 0.3 * Math.sin(TURN * (3 * phase + row * 0.21)))
    c.fillStyle = `rgba(255,226,180,${(0.5 - 0.35 * depth).toFixed(3)})`
    c.fillRect(x - width / 2, y, width, 1.5 + 3.5 * depth)
  }
  lighthouse(c, phase)
  sailingBoat(c, ((phase + 0.35) % 1) * (WIDTH + 300) - 150, 470 + 5 * Math.sin(TURN * 4 * phase), 1)
  sailingBoat(c, WIDTH + 100 - ((phase * 1 + 0.6) % 1) * (WIDTH + 200), 425 + 2 * Math.sin(TURN * 5 * phase), 0.4)
  for (let n = 0; n < 5; n++) {
    const flight = (phase + n * 0.17) % 1
    gull(
      c,
      flight * (WIDTH + 100) - 50,
      120 + 26 * n + 18 * Math.sin(TURN * (2 * phase + n * 0.3)),
      TURN * (24 * phase + n / 3),
    )
  }
}

function lighthouse(c: SKRSContext2D, phase: number): void {
  const [x, top] = [190, 190]
  const beam = Math.cos(TURN * 2 * phase)
  c.fillStyle = `rgba(255,246,200,${(0.1 + 0.25 * Math.max(0, Math.sin(TURN * 2 * phase))).toFixed(3)})`
  polygon(c, [
    [x, top + 14],
    [x + 900 * beam, top - 60],
    [x + 900 * beam, top + 110],
  ])
  c.fillStyle = '#22304a'
  polygon(c, [
    [40, 420],
    [120, 372],
    [280, 380],
    [360, 420],
  ])
  for (let stripe = 0; stripe < 5; stripe++) {
    c.fillStyle = stripe % 2 ? '#b5443c' : '#f3ece2'
    const [a, b] = [16 + stripe * 3, 19 + stripe * 3]
    const y = top + 28 + stripe * 32
    polygon(c, [
      [x - a, y],
      [x + a, y],
      [x + b, y + 32],
      [x - b, y + 32],
    ])
  }
  c.fillStyle = '#26324c'
  c.fillRect(x - 20, top + 24, 40, 6)
  c.fillRect(x - 13, top - 6, 26, 6)
  disc(c, x, top + 12, 10, '#fff6c8')
}

function sailingBoat(c: SKRSContext2D, x: number, y: number, size: number): void {
  c.save()
  c.translate(x, y)
  c.scale(size, size)
  c.fillStyle = '#fbf7ee'
  polygon(c, [
    [-6, -170],
    [-6, -22],
    [-84, -22],
  ])
  c.fillStyle = '#e8dccb'
  polygon(c, [
    [4, -150],
    [4, -22],
    [62, -22],
  ])
  c.fillStyle = '#3a2a24'
  c.fillRect(-5, -176, 5, 176)
  c.fillStyle = '#8c2f39'
  polygon(c, [
    [-92, -14],
    [84, -14],
    [58, 18],
    [-66, 18],
  ])
  c.restore()
}

function gull(c: SKRSContext2D, x: number, y: number, beat: number): void {
  const lift = 5 * Math.sin(beat)
  c.strokeStyle = '#26324c'
  c.lineWidth = 2.5
  c.beginPath()
  c.moveTo(x - 14, y - lift)
  c.quadraticCurveTo(x - 6, y - 6, x, y)
  c.quadraticCurveTo(x + 6, y - 6, x + 14, y - lift)
  c.stroke()
}

function drawSquare(c: SKRSContext2D, phase: number): void {
  fillVertical(c, 0, 520, ['#0d1330', '#27305f', '#6a4a78'])
  disc(c, 260, 130, 44, '#f4efd8')
  disc(c, 244, 122, 40, '#141b3f')
  for (let n = 0; n < 60; n++) {
    const glow = 0.4 + 0.6 * Math.abs(Math.sin(TURN * (phase + n * 0.137)))
    disc(c, (n * 397) % WIDTH, (n * 211) % 300, 1.3, `rgba(255,255,255,${glow.toFixed(2)})`)
  }
  for (let house = 0; house < 9; house++) drawHouse(c, house, phase)
  fillVertical(c, 520, HEIGHT, ['#2b2a3e', '#15141f'])
  c.fillStyle = '#e7c66b'
  for (let n = 0; n < 9; n++) c.fillRect(n * 160 + 20, 632, 80, 5)
  for (let n = 0; n < 4; n++) {
    car(
      c,
      ((phase + n * 0.25) % 1) * (WIDTH + 260) - 130,
      590,
      ['#b5443c', '#3c6eb5', '#d8d2c4', '#4c8a5a'][n] ?? '#888',
      1,
    )
    car(
      c,
      WIDTH + 130 - ((phase + 0.1 + n * 0.25) % 1) * (WIDTH + 260),
      672,
      ['#d2a23c', '#7a4fa3', '#999fae', '#2f7d86'][n] ?? '#888',
      -1,
    )
  }
  for (let n = 0; n < 150; n++) {
    const fall = (phase * (1 + (n % 3)) + n * 0.0731) % 1
    const x = (n * 263 + 40 * Math.sin(TURN * (phase + n * 0.11))) % WIDTH
    disc(c, x, fall * (HEIGHT + 20) - 10, 1.5 + (n % 3) * 0.7, 'rgba(255,255,255,0.75)')
  }
}

function drawHouse(c: SKRSContext2D, house: number, phase: number): void {
  const x = house * 146 - 10
  const height = 190 + ((house * 83) % 130)
  const wall = ['#3a3f63', '#4a3d5c', '#2f4460', '#55455a'][house % 4] ?? '#3a3f63'
  c.fillStyle = wall
  c.fillRect(x, 520 - height, 138, height)
  c.fillStyle = '#20233c'
  polygon(c, [
    [x - 6, 520 - height],
    [x + 69, 520 - height - 54],
    [x + 144, 520 - height],
  ])
  for (let row = 0; row * 52 < height - 80; row++) {
    for (let column = 0; column < 3; column++) {
      const lit = Math.sin(TURN * (phase + (house * 7 + row * 3 + column * 5) * 0.173)) > -0.2
      c.fillStyle = lit ? '#ffd98a' : '#262a45'
      c.fillRect(x + 18 + column * 38, 520 - height + 22 + row * 52, 24, 30)
    }
  }
  c.fillStyle = ['#c65b4b', '#4b8f8c', '#d0a04e'][house % 3] ?? '#c65b4b'
  c.fillRect(x + 8, 462, 122, 14)
  c.fillStyle = '#ffe7b0'
  c.fillRect(x + 16, 476, 106, 40)
}

function car(c: SKRSContext2D, x: number, y: number, colour: string, way: 1 | -1): void {
  c.fillStyle = 'rgba(255,240,190,0.16)'
  polygon(c, [
    [x + way * 54, y - 8],
    [x + way * 190, y - 26],
    [x + way * 190, y + 14],
  ])
  c.fillStyle = colour
  c.beginPath()
  c.roundRect(x - 58, y - 22, 116, 28, 9)
  c.roundRect(x - 32, y - 44, 66, 26, 10)
  c.fill()
  c.fillStyle = '#9fc2d8'
  c.fillRect(x - 24, y - 39, 24, 16)
  c.fillRect(x + 5, y - 39, 22, 16)
  disc(c, x - 32, y + 6, 12, '#101018')
  disc(c, x + 32, y + 6, 12, '#101018')
}

function fillVertical(c: SKRSContext2D, top: number, bottom: number, colours: string[]): void {
  const gradient = c.createLinearGradient(0, top, 0, bottom)
  for (const [n, colour] of colours.entries()) gradient.addColorStop(n / (colours.length - 1), colour)
  c.fillStyle = gradient
  c.fillRect(0, top, WIDTH, bottom - top)
}

function ridge(c: SKRSContext2D, base: number, height: number, pace: number, colour: string): void {
  c.fillStyle = colour
  const points: [number, number][] = [[0, base]]
  for (let x = 0; x <= WIDTH; x += 16) {
    points.push([x, base - height * (0.45 + 0.35 * Math.sin(x * pace) + 0.2 * Math.sin(x * pace * 2.7 + 1))])
  }
  polygon(c, [...points, [WIDTH, base]])
}

function disc(c: SKRSContext2D, x: number, y: number, radius: number, colour: string): void {
  c.fillStyle = colour
  c.beginPath()
  c.arc(x, y, radius, 0, TURN)
  c.fill()
}

function polygon(c: SKRSContext2D, points: [number, number][]): void {
  c.beginPath()
  for (const [x, y] of points) c.lineTo(x, y)
  c.closePath()
  c.fill()
}
