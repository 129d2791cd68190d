import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createCanvas } from '@napi-rs/canvas'
import { type Kernel, kernelOn, loadKernel, type Placed } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { allocRing, frameBytes } from '../../runtime/engine/memory/ring.ts'
import type { Sprite } from '../../runtime/engine/memory/sprite.ts'
import { allocBus, BusPainter } from '../../runtime/engine/mixer/bus.ts'
import { type Figure, rounded } from './figure.ts'

const [W, H] = [1920, 1080]
const ROUNDS = 5
const FRAMES = 240
/** FFmpeg reads the images and starts its filters once; two runs of different length tell that from the work per frame. */
const SHORT = 60

type Keys = 'compose.static3.vs_ffmpeg' | 'compose.moving3.vs_ffmpeg'

/**
 * Three full-frame 1080p layers with alpha everywhere (the hardest content: nothing is transparent, nothing opaque) onto a
 * 1080p picture: our painter against FFmpeg's overlay filter, one thread each, taking turns; CPU time per frame, both
 * including the copy of the picture below. The median of the rounds counts.
 */
export async function compose(): Promise<Record<Keys, Figure>> {
  const folder = mkdtempSync(join(tmpdir(), 'vistter-compose-'))
  try {
    const images = [0, 1, 2].map(n => drawImage(join(folder, `${n}.png`), n))
    const ours = new Ours()
    const rounds = Array.from({ length: ROUNDS }, () => ({
      static3: { ours: ours.perFrame(false), theirs: theirsPerFrame(images, false) },
      moving3: { ours: ours.perFrame(true), theirs: theirsPerFrame(images, true) },
    }))
    return {
      'compose.static3.vs_ffmpeg': figure(rounds.map(round => round.static3)),
      'compose.moving3.vs_ffmpeg': figure(rounds.map(round => round.moving3)),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function figure(rounds: { ours: number; theirs: number }[]): Figure {
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
  const ours = median(rounds.map(round => round.ours))
  const theirs = median(rounds.map(round => round.theirs))
  const note = `${rounded(ours)} ms against ${rounded(theirs)} ms of FFmpeg's overlay chain, CPU per frame`
  return { value: rounded(theirs / ours), unit: 'x', baseline: rounded(theirs), note }
}

/** Alpha between 40 and 167 of 255 in a fine pattern. */
const alphaAt = (x: number, y: number): number => 40 + ((x + y) & 127)

function drawImage(file: string, n: number): string {
  const canvas = createCanvas(W, H)
  const context = canvas.getContext('2d')
  const image = context.createImageData(W, H)
  for (let y = 0; y < H; y++)
    for (let x = 0; x < W; x++) image.data.set([x >> 3, (y + 40 * n) >> 3, 60 * n, alphaAt(x, y)], (y * W + x) * 4)
  context.putImageData(image, 0, 0)
  writeFileSync(file, canvas.toBuffer('image/png'))
  return file
}

class Ours {
  private readonly arena = new Arena()
  private readonly bytes = new Uint8Array(this.arena.memory.buffer)
  private readonly bases = Array.from({ length: 12 }, () => this.arena.alloc(frameBytes(W, H)))
  private readonly placed: Placed[]
  private readonly painter: BusPainter
  private readonly players: Map<string, { placed: Placed[] }>

  constructor() {
    const { arena } = this
    const kernel: Kernel = kernelOn(loadKernel(), arena.memory)
    for (const base of this.bases) kernel.black(base, W, H)
    const ring = allocRing(arena, { width: W, height: H, slots: 8, audioFrames: 16 })
    this.painter = new BusPainter(arena.memory, kernel, allocBus(arena, 'bench', 'all', ring))
    const whole = { left: 0, top: 0, right: W, bottom: H }
    this.placed = [0, 1, 2].map(() => ({ sprite: this.sprite(), x: 0, y: 0, opacity: 32_768, ...whole }))
    this.players = new Map([['o', { placed: this.placed }]])
  }

  /** CPU ms a frame; the first frames, in which the compiler and the flattening work, do not count. */
  perFrame(moving: boolean): number {
    for (let n = 0; n < SHORT; n++) this.frame(n, moving)
    const before = process.cpuUsage()
    for (let n = 0; n < FRAMES; n++) this.frame(n, moving)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000 / FRAMES
  }

  private frame(n: number, moving: boolean): void {
    for (const layer of this.placed) {
      layer.x = moving ? (n % 32) - 16 : 0
      layer.y = moving ? n % 8 : 0
    }
    this.painter.paint(this.bases[n % this.bases.length], this.players)
    this.painter.ring.publish(n, n)
  }

  private sprite(): Sprite {
    const [y, a] = [this.arena.alloc(W * H), this.arena.alloc(W * H)]
    const [u, v, ac] = [0, 1, 2].map(() => this.arena.alloc((W * H) / 4))
    for (let row = 0; row < H; row++)
      for (let column = 0; column < W; column++) {
        const alpha = alphaAt(column, row)
        this.bytes[a + row * W + column] = alpha
        this.bytes[y + row * W + column] = (alpha * 150) / 255
        if (row & 1 || column & 1) continue
        const at = (row >> 1) * (W / 2) + (column >> 1)
        this.bytes[ac + at] = alpha
        this.bytes[u + at] = alpha / 2
        this.bytes[v + at] = alpha / 2
      }
    return { key: '', width: W, height: H, y, u, v, a, ac }
  }
}

/** CPU ms a frame of the overlay chain: the same graph with and without it, long and short. */
function theirsPerFrame(images: string[], moving: boolean): number {
  const place = moving ? "x='mod(n,32)-16':y='mod(n,8)'" : '0:0'
  const layers = images.map((_, n) => `[${n}]format=yuva420p,loop=-1:1,setpts=N/30/TB[layer${n}]`)
  const base = `color=black:s=${W}x${H}:r=30,format=yuv420p`
  const chain = [
    ...layers,
    `${base}[below0]`,
    ...images.map((_, n) => `[below${n}][layer${n}]overlay=${place}:format=yuv420[below${n + 1}]`),
  ].join(';')
  const inputs = images.flatMap(image => ['-i', image])
  const run = (graph: string, out: string, given: string[], frames: number) =>
    cpuOfFfmpeg([...given, '-filter_complex', graph, '-map', out, '-frames:v', String(frames), '-f', 'null', '-'])
  const perFrame = (graph: string, out: string, given: string[]) =>
    (run(graph, out, given, SHORT + FRAMES) - run(graph, out, given, SHORT)) / FRAMES
  return perFrame(chain, `[below${images.length}]`, inputs) - perFrame(`${base}[out]`, '[out]', [])
}

/** User and system CPU time in ms of one run of FFmpeg, as it reports it itself. */
function cpuOfFfmpeg(args: string[]): number {
  const threads = ['-filter_complex_threads', '1', '-filter_threads', '1']
  const { stderr, status } = spawnSync('ffmpeg', ['-hide_banner', '-nostdin', '-benchmark', ...threads, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  const found = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr)
  if (status !== 0 || !found) throw new Error(`FFmpeg could not be measured:\n${stderr}`)
  return (Number(found[1]) + Number(found[2])) * 1_000
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(await compose())
