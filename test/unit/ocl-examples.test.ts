import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { assetFiles } from '../../runtime/engine/picture/asset-files.ts'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'

const docs = join(import.meta.dirname, '../../docs/studio')
const examples = readdirSync(join(docs, 'examples')).filter(name => name.endsWith('.json'))

const scratch = mkdtempSync(join(tmpdir(), 'vistter-examples-'))
afterAll(() => rmSync(scratch, { recursive: true }))

test('there are forty examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(40)
})

test.each(examples)('%s is valid and shows each of its cues at some time', name => {
  const checked = validateOcl(JSON.parse(readFileSync(join(docs, 'examples', name), 'utf8')))
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors, null, 2))
  expect(checked.warnings).toEqual([])
  const reached = { presets: { 'Front Entrance – Wide': 0 }, milestones: { streamLive: 0 } }
  const { document } = checked
  const fallback = document.fallbacks?.scene
  const scenes = document.scenes.filter(scene => scene.id !== fallback)
  const unseen = new Set(scenes.flatMap(scene => scene.tracks.flatMap(track => track.cues.map(({ id }) => id))))
  // As a whole, and scene by scene: some are there to be played alone.
  for (const scene of [undefined, ...scenes.map(({ id }) => id)])
    for (let t = 0; t < 120_000 && unseen.size > 0; t += 250)
      for (const { cue } of resolve(document, t, { tokens: {}, reached, ...(scene && { scene }) }).layers)
        unseen.delete(cue)
  expect([...unseen]).toEqual([])
})

test('each example is listed in the guide', () => {
  const guide = readFileSync(join(docs, 'ocl.md'), 'utf8')
  expect(examples.filter(name => !guide.includes(`](examples/${name})`))).toEqual([])
})

test.each(examples)('the files that %s shows lie beside it, and are the ones it means', name => {
  const { assets = [] } = JSON.parse(readFileSync(join(docs, 'examples', name), 'utf8'))
  const { files, remarks } = assetFiles(assets, join(docs, 'examples'), scratch)
  expect(remarks).toEqual([])
  expect(Object.keys(files)).toEqual(assets.map(({ id }: { id: string }) => id))
})

test('every document in the guide is valid', () => {
  const guide = readFileSync(join(docs, 'ocl.md'), 'utf8')
  const whole = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json))
  expect(whole.length).toBeGreaterThan(0)
  for (const document of whole) expect(validateOcl(document)).toMatchObject({ ok: true, warnings: [] })
})
