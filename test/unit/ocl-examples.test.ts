import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resolve } from '../../runtime/ocl/resolve.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'

const docs = join(import.meta.dirname, '../../docs/studio')
const examples = readdirSync(join(docs, 'examples'))

test('there are forty examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(40)
})

test.each(examples)('%s is valid and shows each of its cues at some time', name => {
  const checked = validateOcl(JSON.parse(readFileSync(join(docs, 'examples', name), 'utf8')))
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors, null, 2))
  expect(checked.warnings).toEqual([])
  const reached = { presets: { 'Front Entrance – Wide': 0 }, milestones: { streamLive: 0 } }
  const { document } = checked
  const seen = new Set<string>()
  for (let t = 0; t < 120_000; t += 250)
    for (const layer of resolve(document, t, { tokens: {}, reached }).layers) seen.add(layer.cue)
  const fallback = document.fallbacks?.scene
  const scenes = document.scenes.filter(scene => scene.id !== fallback)
  for (const { id } of scenes.flatMap(scene => scene.tracks.flatMap(track => track.cues))) expect(seen).toContain(id)
})

test('every document in the guide is valid', () => {
  const guide = readFileSync(join(docs, 'ocl.md'), 'utf8')
  const whole = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json))
  expect(whole.length).toBeGreaterThan(0)
  for (const document of whole) expect(validateOcl(document)).toMatchObject({ ok: true, warnings: [] })
})
