import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { percentile } from '../../runtime/control/cameras/presets/preset.ts'
import { Thumbnails } from '../../runtime/control/cameras/presets/thumbnails.ts'
import { scratch, until } from '../peers/run.ts'

test('the picture of a preset is what the camera shows, and a preset without one is no worse', async () => {
  const { path, remove } = scratch('thumbnails')
  const socket = join(path, 'media.sock')
  const thumbnails = new Thumbnails(join(path, 'presets'), socket)
  expect(await thumbnails.take('cam', 'A')).toBe(false)
  let grey = Buffer.from(Array.from({ length: 64 * 36 }, (_, n) => 100 + (n % 7) * (n % 5)))
  const engine = createServer(({ url }, response) => {
    if (url === '/sources/cam.jpg') response.end('a picture')
    else if (url === '/sources/cam.grey') response.end(grey)
    else response.writeHead(404).end()
  }).listen(socket)
  try {
    await until('the engine listens', () => engine.listening)
    expect(await thumbnails.take('cam', 'A')).toBe(true)
    expect(readFileSync(thumbnails.file('A'), 'utf8')).toBe('a picture')
    expect(await thumbnails.take('away', 'B')).toBe(false)
    expect(await thumbnails.likeness('cam', 'A')).toBeCloseTo(1, 5)
    grey = Buffer.from(grey.map((_, n) => 100 + (n % 11) * (n % 3)))
    expect(await thumbnails.likeness('cam', 'A')).toBeLessThan(0.5)
    grey = Buffer.alloc(7)
    expect(await thumbnails.likeness('cam', 'A')).toBeUndefined()
    expect(await thumbnails.likeness('cam', 'B')).toBeUndefined()
    expect(await thumbnails.likeness('away', 'A')).toBeUndefined()
    await thumbnails.remove('A')
    await thumbnails.remove('B')
    expect(readdirSync(join(path, 'presets'))).toEqual([])
  } finally {
    engine.close()
    remove()
  }
})

test('percentiles', () => {
  expect([percentile([], 0.5), percentile([7], 0.95)]).toEqual([null, 7])
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
  expect([percentile(hundred, 0.5), percentile(hundred, 0.95)]).toEqual([50, 95])
})
