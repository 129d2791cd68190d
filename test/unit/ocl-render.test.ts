import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Overlay, Picture } from '../../runtime/contract/generated/engine.v1.ts'
import { Graphics } from '../../runtime/engine/graphics/graphics.ts'
import { Renderer } from '../../runtime/engine/graphics/renderer.ts'
import { kernelOn, loadKernel, SCALE_SCRATCH } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes, Ring } from '../../runtime/engine/memory/ring.ts'
import type { PreparedOverlay } from '../../runtime/engine/memory/sprite.ts'
import type { Airing } from '../../runtime/engine/mixer/airings.ts'
import { allocBus } from '../../runtime/engine/mixer/bus.ts'
import { FrameTimes } from '../../runtime/engine/mixer/clock.ts'
import { Desk } from '../../runtime/engine/mixer/desk.ts'
import { orderOf } from '../../runtime/engine/picture/order.ts'
import { Pictures } from '../../runtime/engine/picture/pictures.ts'
import { render } from '../../runtime/engine/picture/render.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { validateOcl } from '../../runtime/ocl/index.ts'
import { run } from '../peers/run.ts'

// Processes are started, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'vistter-render-'))
afterAll(() => rmSync(folder, { recursive: true }))

const [width, height] = [320, 180]
const rate = { num: 25, den: 1 }
const picture: Picture = { width, height, frameRate: rate }
const place = (x: number, y: number, w: number, h: number) => ({
  position: { x, y },
  size: { width: w, height: h },
})
/** Two still layers (flattened on air), words that fade, a box that slides: due at, and gone at, known frames. */
const document = {
  ocl: '1.0',
  timeline: { id: 't', version: 1, frameRate: 25, resolution: { width, height } },
  scenes: [
    {
      id: 's',
      start: 0,
      tracks: [
        {
          id: 'k',
          kind: 'any',
          cues: [
            ...[0, 1].map(n => ({
              ...{ id: `still${n}`, start: 0, duration: '2s', layer: n, unsafe: true },
              shape: { type: 'rectangle', color: n ? '#20c04090' : '#c0208090', radius: 9 },
              properties: place(30 + 40 * n, 40 + 20 * n, 90, 60),
            })),
            {
              ...{ id: 'words', start: 't+10f', duration: '20f', layer: 2, unsafe: true },
              text: { value: 'Harbour {{n}}', size: 30, color: '#ffffff' },
              properties: { position: { x: 20, y: 100 } },
              transition: { in: { type: 'fade', duration: '5f' }, out: { type: 'fade', duration: '5f' } },
            },
            {
              ...{ id: 'box', start: 't+12f', duration: '1s', layer: 3, unsafe: true },
              shape: { type: 'ellipse', color: '#3060ff' },
              properties: place(200, 20, 60, 60),
              transition: { in: { type: 'slide', duration: '10f', direction: 'left', easing: 'ease-out' } },
            },
          ],
        },
      ],
    },
  ],
}
const startedAt = 1e12
const overlay: Overlay = {
  ...{ id: 'o', program: 'main', document, assets: {}, tokens: { n: '7' } },
  playing: { startedAt },
}

/** The program as it is on air: a desk without its thread, over black, from the first frame of what began first on. */
function onAir(arena: Arena, prepared: PreparedOverlay[], count: number, airings: Airing[] = []): Uint8Array[] {
  const bytes = frameBytes(width, height)
  const [black, held, still, base, pause, ...scaled] = [0, 1, 2, 3, 4, 5, 6].map(() => arena.alloc(bytes))
  const frames = { black, held, still, base, pause, scaled, scratch: arena.alloc(SCALE_SCRATCH) }
  const desk = new Desk(
    { memory: arena.memory, picture, slateAfterMs: 2_000, frames },
    kernelOn(loadKernel(), arena.memory),
    new FrameTimes(rate),
  )
  const bus = allocBus(arena, 'b', 'all', allocRing(arena, { width, height, slots: 4, audioFrames: 192_000 }))
  desk.setBuses([bus], 0)
  desk.setOverlays(prepared.map(overlay => ({ version: 1, overlay })))
  const ring = new Ring(arena.memory, bus.ring)
  return Array.from({ length: count }, (_, n) => {
    desk.tick(n, n * 40, startedAt + n * 40, () => n * 40)
    airings.push(...desk.report(n, 0).airings)
    const at = ring.addressOf(ring.head - 1)
    return ring.bytes.slice(at, at + bytes)
  })
}

/** Still layers that are flattened into one are rounded once more: by 1 nobody calls a picture another. */
const isOther = (a: Uint8Array, b: Uint8Array): boolean => a.some((sample, i) => Math.abs(sample - (b[i] ?? 0)) > 1)

const log = createLog('test', 'silent')
const renderer = new Renderer({ clock: systemClock, log, event: () => {} })
const arena = new Arena()
const graphics = new Graphics({ arena, renderer, log, event: () => {} })
beforeAll(() => renderer.start())
afterAll(() => renderer.stop())

const file = join(folder, 'overlay.json')
writeFileSync(file, JSON.stringify(document))

function cli(...args: string[]) {
  const script = join(import.meta.dirname, '../../runtime/ocl/cli.ts')
  const { status, stdout } = spawnSync(process.execPath, [script, 'render', file, '--token', 'n=7', ...args])
  return { status, answer: JSON.parse(String(stdout)) }
}

/** As for the air, with all that it needs in its two seconds. */
async function prepared(...overlays: Overlay[]): Promise<PreparedOverlay[]> {
  const all = overlays.length > 0 ? overlays : [overlay]
  const ready = await Promise.all(all.map(each => graphics.prepare(each, picture, { now: () => startedAt })))
  for (const each of ready) await graphics.ahead(each, async ({ add }) => void each.sprites.push(...add))
  return ready
}

/** Likewise in this process. */
function draw(...args: string[]) {
  const order = orderOf([file, '--token', 'n=7', ...args])
  const checked = validateOcl(document)
  if (!order || !checked.ok) throw new Error('is not understood')
  return render(checked.document, order)
}

describe('what is seen before is what goes on air', () => {
  test('each frame of `render` is the program to the sample, before the encoder', async () => {
    const count = 40
    const program = onAir(arena, await prepared(), count)
    const out = join(folder, 'all.yuv')
    const rendered = await draw('--to', String(count * 40), '--out', out)
    expect(rendered).toEqual({ file: out, width, height, frames: count, warnings: [] })
    const drawn = readFileSync(out)
    const bytes = frameBytes(width, height)
    expect(drawn.length).toBe(count * bytes)
    const different = program.flatMap((frame, n) =>
      Buffer.compare(frame, drawn.subarray(n * bytes, (n + 1) * bytes)) === 0 ? [] : [n],
    )
    expect(different).toEqual([])
    // It moves, so equal frames are no accident.
    expect(Buffer.compare(program[0], program[20])).not.toBe(0)
  })

  test('a cue is on exactly its frames, a fade begins and ends on its own', async () => {
    const program = onAir(arena, await prepared(), 40)
    const changes = program.flatMap((frame, n) => (n > 0 && isOther(frame, program[n - 1]) ? [n] : []))
    // Words: transparent at frame 10, whole from 15 on, last whole at 25, gone from 30. The box slides from 12 to 22, goes at 37.
    expect(changes).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 26, 27, 28, 29, 30, 37])
  })

  test('what the mixer says was on air is what its frames show', async () => {
    const airings: Airing[] = []
    onAir(arena, await prepared(), 60, airings)
    const told = (over: boolean) => {
      const rows = airings.filter(({ ended }) => ended === over)
      return rows
        .map(({ cue, firstAt, lastAt, frames }) => [cue, (firstAt - startedAt) / 40, (lastAt - startedAt) / 40, frames])
        .sort()
    }
    // It slides in from outside, where it is at frame 12.
    expect(told(true)).toEqual([
      ['box', 13, 36, 24],
      ['still0', 0, 49, 50],
      ['still1', 0, 49, 50],
      ['words', 11, 29, 19],
    ])
    // Each is told with its first frame, too: an engine that dies later takes nothing of that with it.
    expect(told(false)).toEqual([
      ['box', 13, 13, 1],
      ['still0', 0, 0, 1],
      ['still1', 0, 0, 1],
      ['words', 11, 11, 1],
    ])
  })

  test('a picture for a person who prepares it shows the same moment', async () => {
    const pictures = new Pictures({ clock: systemClock, log })
    const program = onAir(arena, await prepared(), 21)
    const png = await pictures.make({ overlays: [{ overlay, at: 800 }], picture, outWidth: width, ground: 'black' })
    await pictures.stop()
    const wanted = await renderer.run('png', { width, height, frame: program[20] ?? new Uint8Array(), outWidth: width })
    expect(Buffer.compare(png, Buffer.from(wanted))).toBe(0)
  })

  test('of two overlays at one moment it shows what the air does: each at its own time, painted together', async () => {
    const pictures = new Pictures({ clock: systemClock, log })
    const second = { ...overlay, id: 'p', playing: { startedAt: startedAt + 400 } }
    const program = onAir(arena, await prepared(overlay, second), 29)
    const overlays = [
      { overlay, at: 1_120 },
      { overlay: second, at: 720 },
    ]
    const png = await pictures.make({ overlays, picture, outWidth: width, ground: 'black' })
    await pictures.stop()
    const wanted = await renderer.run('png', { width, height, frame: program[28] ?? new Uint8Array(), outWidth: width })
    expect(Buffer.compare(png, Buffer.from(wanted))).toBe(0)
  })
})

describe('vistter-ocl render', () => {
  test('a picture over a checker, in a size of its own', async () => {
    const out = join(folder, 'one.png')
    const asked = ['--at', '800', '--size', '640x360', '--background', 'checker', '--out', out]
    expect(cli(...asked)).toMatchObject({ status: 0, answer: { width: 640, height: 360, frames: 1 } })
    const canvas = createCanvas(640, 360)
    const context = canvas.getContext('2d')
    context.drawImage(await loadImage(out), 0, 0)
    const grey = (x: number, y: number) => context.getImageData(x, y, 1, 1).data[0]
    expect(grey(3, 3)).not.toBe(grey(19, 3))
    expect(grey(3, 3)).toBe(grey(35, 3))
    // The ellipse stands in the middle of its box by then.
    expect([...context.getImageData(460, 100, 1, 1).data].slice(0, 3).map(value => Math.round(value / 16))).toEqual([
      3, 6, 16,
    ])
  })

  test('a short clip over an image has the frames that were asked for', async () => {
    const background = join(folder, 'ground.png')
    const canvas = createCanvas(32, 18)
    const context = canvas.getContext('2d')
    context.fillStyle = '#806040'
    context.fillRect(0, 0, 32, 18)
    writeFileSync(background, canvas.toBuffer('image/png'))
    const out = join(folder, 'clip.mp4')
    const asked = ['--from', '200', '--to', '800', '--fps', '50', '--background', background, '--out', out]
    expect(await draw(...asked)).toMatchObject({ frames: 30, warnings: [] })
    const facts = ['-count_packets', '-show_entries', 'stream=width,height,nb_read_packets,avg_frame_rate,color_space']
    const probed = await run('ffprobe', ['-v', 'error', ...facts, '-of', 'json', out])
    expect(JSON.parse(String(probed)).streams).toEqual([
      { width, height, color_space: 'bt709', avg_frame_rate: '50/1', nb_read_packets: '30' },
    ])
  })

  test('what cannot be done is said as JSON, and nothing is written', async () => {
    const out = join(folder, 'never.png')
    expect(cli('--scene', 'ghost', '--out', out)).toMatchObject({
      status: 1,
      answer: { errors: [{ code: 'UNKNOWN_REFERENCE' }] },
    })
    const order = orderOf([file, '--at', '600', '--out', join(folder, 'wordless.png')])
    const checked = validateOcl(document)
    if (!order || !checked.ok) throw new Error('is not understood')
    expect((await render(checked.document, order)).warnings).toMatchObject([{ code: 'OCL_TOKEN_MISSING' }])
    const background = join(folder, 'nothing.png')
    await expect(draw('--background', background, '--out', out)).rejects.toMatchObject({ code: 'ASSET_MISSING' })
    expect(existsSync(out)).toBe(false)
  })
})

test.each([
  [['f.json'], { out: 'f.png', take: { at: 0 } }],
  [['f.json', '--to', '500'], { out: 'f.mp4', take: { from: 0, to: 500 } }],
  [['f.json', '--from', '500', '--to', '400'], undefined],
  [['f.json', '--at', '1', '--to', '400'], undefined],
  [['f.json', '--from', '5'], undefined],
  [['f.json', '--to', '1e9'], undefined],
  [['f.json', '--fps', '60000/1001'], { fps: '60000/1001' }],
  [['f.json', '--fps', 'fast'], undefined],
  [['f.json', '--size', '641x360'], undefined],
  [['f.json', '--token', 'a=b=c'], { tokens: { a: 'b=c' } }],
  [['f.json', 'g.json'], undefined],
  [[], undefined],
])('%j', (args, wanted) => {
  const order = orderOf(args)
  if (wanted) expect(order).toMatchObject(wanted)
  else expect(order).toBeUndefined()
})
