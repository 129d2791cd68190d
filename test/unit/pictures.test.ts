import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { timingIn } from '../../runtime/engine/graphics/animation-ffmpeg.ts'
import { drawSprite } from '../../runtime/engine/graphics/draw.ts'
import { pictureOf, probe } from '../../runtime/engine/graphics/pictures.ts'
import { whyNotAlone } from '../../runtime/engine/graphics/svg.ts'
import { i420Of } from '../../runtime/engine/graphics/yuv.ts'
import { differenceOf } from './golden.ts'
import { MOVING, MOVING_FILES, writeMovingFiles } from './moving-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'vistter-pictures-'))
const file = (name: string) => join(folder, name)
const svg = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20" width="40" height="20">${inside}</svg>`

beforeAll(async () => {
  writeMovingFiles(folder)
  const canvas = createCanvas(80, 40)
  const context = canvas.getContext('2d')
  context.fillStyle = '#e63946'
  context.fillRect(0, 0, 80, 40)
  context.fillStyle = '#ffd23f'
  context.beginPath()
  context.arc(40, 20, 18, 0, 7)
  context.fill()
  writeFileSync(file('still.png'), await canvas.encode('png'))
  writeFileSync(file('still.jpeg'), await canvas.encode('jpeg', 90))
  writeFileSync(file('still.webp'), await canvas.encode('webp', 90))
  writeFileSync(file('still.avif'), await canvas.encode('avif', { quality: 90 }))
  writeFileSync(file('still.gif'), await canvas.encode('gif', 10))
  const shapes = '<rect width="40" height="20" fill="#e63946"/><circle cx="20" cy="10" r="9" fill="#ffd23f"/>'
  writeFileSync(file('still.svg'), svg(shapes))
})

afterAll(() => rmSync(folder, { recursive: true }))

test('pictures of each format are shown, and fill, fit or cover their box', async () => {
  const formats = ['png', 'jpeg', 'webp', 'avif', 'gif', 'svg'].map((type, i) => ({
    x: 20 + (i % 3) * 150,
    y: 16 + Math.floor(i / 3) * 80,
    drawing: { kind: 'image' as const, file: file(`still.${type}`), natural: { width: 130, height: 65 } },
  }))
  const fits = (['fill', 'contain', 'cover'] as const).map((fit, i) => ({
    x: 20 + i * 150,
    y: 176,
    drawing: { kind: 'image' as const, file: file('still.svg'), natural: { width: 70, height: 80 }, fit },
  }))
  expect(
    await differenceOf({ name: 'images', size: { width: 480, height: 270 }, elements: [...formats, ...fits] }),
  ).toBe('')
})

test.each(MOVING_FILES)('%s moves: when each picture ends, its colour, and what is empty', async name => {
  const { width, height, colours } = MOVING
  expect(await probe({ file: file(name) })).toEqual({ width, height, pictures: [100, 200, 300, 400] })
  for (const [n, colour] of [...colours.entries(), [9, colours[3]] as const]) {
    const canvas = createCanvas(width, height)
    canvas.getContext('2d').drawImage(await pictureOf(file(name), n), 0, 0)
    const rgba = canvas.data()
    const at = (x: number, y: number) => [...rgba.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)]
    for (const [i, value] of [...colour, 255].entries()) expect(Math.abs(at(14, 18)[i] - value)).toBeLessThanOrEqual(12)
    const top = 4 + 6 * Math.min(n, 3)
    expect(at(46, top + 4)[3]).toBeGreaterThan(240)
    expect(at(46, (top + 22) % 36)[3]).toBeLessThan(12)
    expect(at(60, 30)[3]).toBeLessThan(12)
  }
})

test('a picture of a moving file is drawn like any other', async () => {
  const { width, height, colours } = MOVING
  const drawing = { kind: 'image' as const, file: file('moving.png'), natural: { width, height }, picture: 2 }
  const { y, a } = await drawSprite({ drawing, scale: 1 })
  const [luma] = i420Of(
    new Uint8Array([...colours[2], 255, ...colours[2], 255, ...colours[2], 255, ...colours[2], 255]),
    2,
    2,
  )
  expect(Math.abs(y[width * 10 + 10] - luma)).toBeLessThanOrEqual(1)
  expect(a[width * 10 + 60]).toBe(0)
})

test('stills do not move', async () => {
  for (const type of ['png', 'jpeg', 'webp', 'avif', 'gif'])
    expect(await probe({ file: file(`still.${type}`) })).toEqual({ width: 80, height: 40 })
})

test('what is cut off, or no picture at all, is broken', async () => {
  for (const name of ['still.avif', 'vp9.webm', 'moving.webp']) {
    const bytes = readFileSync(file(name))
    writeFileSync(file(`cut-${name}`), bytes)
    truncateSync(file(`cut-${name}`), name === 'vp9.webm' ? 150 : bytes.length - 200)
    await expect(probe({ file: file(`cut-${name}`) })).rejects.toMatchObject({ code: 'ASSET_BROKEN' })
  }
  await expect(probe({ file: file('nowhere.gif') })).rejects.toMatchObject({ code: 'ASSET_MISSING' })
})

test('more pictures than memory has room for are refused before they are decoded', async () => {
  // The same file, said to be 8192 x 8192: 268 megapixels in its four pictures, and not one of them decoded.
  const bytes = readFileSync(file('moving.webp'))
  bytes.writeUIntLE(4_095, 24, 3)
  bytes.writeUIntLE(8_191, 27, 3)
  writeFileSync(file('huge.webp'), bytes)
  await expect(probe({ file: file('huge.webp') })).rejects.toMatchObject({ code: 'OVERLAY_TOO_LARGE' })
})

test('the times of pictures are read from what FFmpeg lists', () => {
  const list =
    '#tb 0: 1/100\n#codec_id 0: gif\n#dimensions 0: 6x4\n0, 0, 5, 10, 9, 0x1\n0, 10, 25, 200, 9, 0x1, F=0x0\n'
  expect(timingIn(list)).toEqual({ width: 6, height: 4, codec: 'gif', ends: [200, 2_200] })
  expect(timingIn('#tb 0: 1/100\n')).toBeUndefined()
})

test.each([
  ['<image href="http://example.org/x.png"/>', 'shows another file'],
  ['<image xlink:href="file:///etc/x.png"/>', 'shows another file'],
  ['<rect style="fill: url(\'other.svg#a\')"/>', 'shows another file'],
  ['<script>alert(1)</script>', 'has a script'],
  ['<style>@import "x.css";</style>', 'needs a style sheet'],
  ['<a href="https://example.org"><rect/></a>', undefined],
  ['<use href="#a"/><image href="data:image/png;base64,AAAA"/><rect fill="url(#g)"/>', undefined],
])('an SVG with %s: %s', (inside, why) => {
  if (why) expect(whyNotAlone(svg(inside))).toContain(why)
  else expect(whyNotAlone(svg(inside))).toBeUndefined()
})
