import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import type { EngineEvent, Overlay } from '../../runtime/contract/generated/engine.v1.ts'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { overlayWords } from '../../runtime/control/show/overlay-words.ts'
import { Graphics } from '../../runtime/engine/graphics/graphics.ts'
import { work } from '../../runtime/engine/graphics/work.ts'
import { i420Of } from '../../runtime/engine/graphics/yuv.ts'
import { kernelOn, loadKernel } from '../../runtime/engine/kernel/kernel.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { assetFiles } from '../../runtime/engine/picture/asset-files.ts'
import { stillOf } from '../../runtime/engine/still.ts'
import { createLog } from '../../runtime/lib/log.ts'
import type { Size } from '../../runtime/ocl/types.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'

export const docs = join(import.meta.dirname, '../../docs')
const folder = join(docs, 'studio/examples')
export const examples = readdirSync(folder).filter(name => name.endsWith('.json'))

/** Where `data:` addresses are unpacked. */
export const scratch = mkdtempSync(join(tmpdir(), 'vistter-examples-'))
export const events: Omit<EngineEvent, 'time'>[] = []
export const arena = new Arena()
const kernel = kernelOn(loadKernel(), arena.memory)
const graphics = new Graphics({
  arena,
  renderer: { run: async (kind, ask) => work[kind](ask) },
  log: createLog('test', 'silent'),
  event: event => events.push(event),
})

/** Saturday noon, and what was pushed by then. */
const NOW = Date.UTC(2026, 5, 6, 12, 32, 5)
const SITE = { tokens: {}, locationName: 'Harbour' }
const PUSHED: Record<string, string> = {
  ...{ temperature: '21', wind: '7.2', air: '21.44', gusts: '11', waves: '0.6', pressure: '1013.2', water: '18.4' },
  ...{ boats: '2', seats: '5', guests: '0', flag: 'g', home: '2', away: '1', scorer: 'Lind', open: 'yes' },
  ...{ sunset: '2026-06-06T19:04:00Z', donations: '12480', ships: '12480', change: '3.26', year: '1892' },
  ...Object.fromEntries(Array.from({ length: 18 }, (_, n) => [`v${n + 1}`, '100'])),
}
/** Of the gusts nothing was heard for a while. */
const STALE_AT = NOW - 1_500_000

/** Without its waits: nothing comes for them here. */
export function exampleIn(name: string): OclDocument {
  const text = readFileSync(join(folder, name), 'utf8')
  const checked = validateOcl(JSON.parse(text, (key, value) => (key === 'sync' ? undefined : value)))
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors, null, 2))
  return checked.document
}

/** As large as fits into the tile, in the document's own shape. */
export function sizeIn(tile: Size, { timeline: { resolution } }: OclDocument): Size {
  const scale = Math.min(tile.width / resolution.width, tile.height / resolution.height)
  const even = (pixels: number) => 2 * Math.round((pixels * scale) / 2)
  return { width: even(resolution.width), height: even(resolution.height) }
}

/** The example at a moment over `ground`, as I420, with the files that lie beside it. */
export const drawn = (document: OclDocument, t: number, frame: Uint8Array, size: Size): Promise<Uint8Array> =>
  stillOf({ arena, graphics, kernel }, overlayOf(document, t), t, { frame, ...size })

function overlayOf(document: OclDocument, t: number): Overlay {
  const { files } = assetFiles(document.assets ?? [], folder, scratch)
  const said = { document: { ...document }, playing: { startedAt: NOW - t } }
  const data = Object.fromEntries(
    Object.entries(PUSHED).map(([key, value]) => [key, { value, at: key === 'gusts' ? STALE_AT : NOW }]),
  )
  const words = overlayWords(said, SITE, { data, now: NOW, locale: 'en', timezone: 'Europe/Rome' })
  return {
    ...{ id: 'example', program: 'main', document: words.document, assets: files, tokens: words.tokens },
    playing: { startedAt: 0 },
  }
}

/** What a camera might see: sky, a horizon, water. */
export function view({ width, height }: Size): Uint8Array {
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
