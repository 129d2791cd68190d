import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineEvent, Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { Graphics } from '../../runtime/engine/graphics/graphics.ts'
import { work } from '../../runtime/engine/graphics/work.ts'
import { i420Of, rgbaOf } from '../../runtime/engine/graphics/yuv.ts'
import { kernelOn, loadKernel } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { stillOf } from '../../runtime/engine/still.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { overlap } from '../../runtime/ocl/geometry.ts'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { tokensIn } from '../../runtime/ocl/text.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'

const docs = join(import.meta.dirname, '../../docs')
const examples = readdirSync(join(docs, 'studio/examples'))
const folder = mkdtempSync(join(tmpdir(), 'vistter-examples-'))
const events: Omit<EngineEvent, 'time'>[] = []
const arena = new Arena()
const kernel = kernelOn(loadKernel(), arena.memory)
const graphics = new Graphics({
  arena,
  renderer: { run: async (kind, ask) => work[kind](ask) },
  log: createLog('test', 'silent'),
  event: event => events.push(event),
})

const TILE = { width: 320, height: 180 }
const COLUMNS = 5
const PITCH = { x: TILE.width + 12, y: TILE.height + 30 }
const sheet = createCanvas(COLUMNS * PITCH.x + 12, Math.ceil(examples.length / COLUMNS) * PITCH.y + 12)

/** Of the tokens in the examples what is not a word. */
const VALUES: Record<string, string> = {
  locationName: 'Harbour',
  time: '14:32:05',
  day: 'Saturday, 6 June',
  tokyo: '21:32',
  temperature: '21',
  wind: '14 km/h',
  left: '02:15',
  home: '2',
  away: '1',
  boats: '3 boats',
  flag: 'Swimming allowed',
  sunset: '21:04 Uhr',
  donations: '12.480 €',
}

beforeAll(() => {
  const ground = sheet.getContext('2d')
  ground.fillStyle = '#16202a'
  ground.fillRect(0, 0, sheet.width, sheet.height)
  const canvas = createCanvas(480, 270)
  const context = canvas.getContext('2d')
  const sky = context.createLinearGradient(0, 0, 480, 270)
  sky.addColorStop(0, '#1d6fa3')
  sky.addColorStop(1, '#f2a65a')
  context.fillStyle = sky
  context.fillRect(0, 0, 480, 270)
  writeFileSync(join(folder, 'picture.png'), canvas.toBuffer('image/png'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
  if (process.env.UPDATE_GOLDEN) writeFileSync(join(docs, 'images/ocl-examples.png'), sheet.toBuffer('image/png'))
})

/** Without its waits: nothing comes for them here. */
const documentIn = (name: string): OclDocument => {
  const text = readFileSync(join(docs, 'studio/examples', name), 'utf8')
  const checked = validateOcl(JSON.parse(text, (key, value) => (key === 'sync' ? undefined : value)))
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors, null, 2))
  return checked.document
}

function overlayOf(document: OclDocument): Overlay {
  const tokens = Object.fromEntries(tokensIn(document).map(name => [name, VALUES[name] ?? name]))
  const assets = Object.fromEntries((document.assets ?? []).map(({ id }) => [id, join(folder, 'picture.png')]))
  return { id: 'example', program: 'main', document: { ...document }, assets, tokens, playing: { startedAt: 0 } }
}

/** What a camera might see: sky, a horizon, water. */
function view({ width, height }: typeof TILE): Uint8Array {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const light = context.createLinearGradient(0, 0, 0, height)
  light.addColorStop(0, '#4d7288')
  light.addColorStop(0.55, '#8a9a9c')
  light.addColorStop(0.56, '#3b5a6a')
  light.addColorStop(1, '#22394a')
  context.fillStyle = light
  context.fillRect(0, 0, width, height)
  return i420Of(canvas.data(), width, height)
}

/** When there is the most to be seen. */
function bestMoment(document: OclDocument): number {
  const { width, height } = document.timeline.resolution
  const frame = { x: 0, y: 0, width, height }
  const moments = Array.from({ length: 80 }, (_, n) => 300 + n * 250)
  const seen = (t: number) =>
    resolve(document, t).layers.reduce((sum, layer) => {
      const part = overlap(overlap(frame, layer.clip ?? layer), layer)
      return sum + (layer.opacity * part.width * part.height) / Math.max(1, layer.width * layer.height)
    }, 0)
  return moments.reduce((best, t) => (seen(t) > seen(best) + 0.01 ? t : best))
}

test.each(examples)('%s can be drawn, and nothing is missing', async name => {
  const document = documentIn(name)
  const { resolution } = document.timeline
  const scale = Math.min(TILE.width / resolution.width, TILE.height / resolution.height)
  const size = {
    width: 2 * Math.round((resolution.width * scale) / 2),
    height: 2 * Math.round((resolution.height * scale) / 2),
  }
  const plain = view(size)
  const frame = await stillOf({ arena, graphics, kernel }, overlayOf(document), bestMoment(document), {
    frame: plain,
    ...size,
  })
  expect(events.splice(0).map(({ message }) => message)).toEqual([])
  expect(frame).not.toEqual(plain)
  expect(arena.bytesInUse).toBe(0)
  place(sheet.getContext('2d'), name, frame, size)
})

/** Beside the others, with its name. */
function place(context: SKRSContext2D, name: string, frame: Uint8Array, { width, height }: typeof TILE): void {
  const n = examples.indexOf(name)
  const [x, y] = [12 + (n % COLUMNS) * PITCH.x, 12 + Math.floor(n / COLUMNS) * PITCH.y]
  context.putImageData(new ImageData(rgbaOf(frame, width, height), width, height), x + (TILE.width - width) / 2, y)
  context.fillStyle = '#e8edf2'
  context.font = '14px "vistter-inter"'
  context.fillText(name.replace('.json', ''), x, y + TILE.height + 18)
}
