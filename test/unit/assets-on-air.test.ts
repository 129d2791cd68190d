import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OverlayBody } from '../../runtime/control/show/overlay-play.ts'
import { Overlays } from '../../runtime/control/show/overlays.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { HouseClock } from '../../runtime/lib/house-clock.ts'
import { resolve } from '../../runtime/ocl/index.ts'
import { svgOf } from '../peers/asset-server.ts'
import { AssetStage, documentOf } from '../peers/asset-stage.ts'
import { until } from '../peers/run.ts'
import { memoryShelf } from '../peers/shelf.ts'

let stage: AssetStage
let overlays: Overlays
beforeEach(async () => {
  stage = new AssetStage()
  overlays = new Overlays({
    shelf: memoryShelf<OverlayBody>(),
    clock: new HouseClock(systemClock),
    assets: {
      here: document => stage.assets.here(document),
      fetch: document => stage.assets.fetch(document),
      coming: document => stage.assets.coming(document),
      readiness: document => stage.assets.readiness(document),
    },
    wired: () => true,
    fps: () => 30,
    changed: async () => stage.assets.look(),
    record: event => stage.events.push(event),
  })
  stage.documents = () => overlays.documents()
  await stage.begin()
})
afterEach(() => stage.end())

const ask = (operationId: string, body?: unknown) => {
  const actor = { kind: 'user', name: 'ann', role: 'operator' } as const
  const operation = overlays.operations()[operationId]
  if (!operation) throw new Error(`there is no operation ${operationId}`)
  return operation({ params: { id: 'brand' }, query: {}, body, actor })
}

/** What the plan, as it is now, shows. */
function shown() {
  const [planned] = overlays.planned()
  if (!planned) return undefined
  const assets = Object.fromEntries(Object.keys(planned.assets).map(id => [id, { available: true }]))
  const { layers } = resolve(planned.document, 1_000, { assets })
  return layers.map(layer => (layer.kind === 'asset' ? layer.assetRef : layer.kind))
}

/** One cue shows `main`, of which `spare` is the fallback. */
function brand(rights?: { tags: string[]; expires?: string }) {
  const spare = stage.server.put('/spare', svgOf('spare'))
  const main = { ...stage.server.put('/main', svgOf('main')), fallback: 'spare', ...(rights && { rights }) }
  const cue = { id: 'c', start: 0, duration: '1h', layer: 0, assetRef: 'main' }
  const cues = [{ ...cue, duration: 3_600_000, properties: { position: { anchor: 'center', x: 0, y: 0 } } }]
  const scenes = [{ id: 's', start: 0, tracks: [{ id: 't', kind: 'lower-third', cues }] }]
  return { ...documentOf(main, spare), scenes }
}

test('an asset whose right ends while it is on air gives way to its fallback', async () => {
  await ask('putOverlay', brand({ tags: [], expires: new Date(Date.now() + 3_600_000).toISOString() }))
  await ask('playOverlay')
  expect(shown()).toEqual(['main'])
  stage.ahead = 3_600_000
  stage.assets.look()
  expect(stage.told('asset.expired')).toHaveLength(1)
  expect(shown()).toEqual(['spare'])
  expect(overlays.list()[0]?.assets).toMatchObject([
    { id: 'main', status: 'failed', error: { code: 'ASSET_EXPIRED' } },
    { id: 'spare', status: 'ready' },
  ])
})

test('what cannot be had shows its fallback, and is there as soon as it has come', async () => {
  stage.server.behave = ({ url }, response, serve) => (url === '/main' ? void response.writeHead(503).end() : serve())
  await ask('putOverlay', brand())
  await ask('playOverlay')
  expect(shown()).toEqual(['spare'])
  stage.server.behave = (_request, _response, serve) => serve()
  await until('it has come', () => shown()?.[0] === 'main')
})

test('an overlay that does not play is planned once its files are here', async () => {
  const held: (() => void)[] = []
  stage.server.behave = (_request, _response, serve) => held.push(serve)
  await ask('putOverlay', brand())
  await until('they are asked for', () => held.length === 2)
  expect(shown()).toBeUndefined()
  for (const serve of held) serve()
  await until('they are here', () => shown()?.[0] === 'main')
})
