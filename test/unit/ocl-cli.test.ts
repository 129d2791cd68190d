import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { documentOf } from './ocl-arbitrary.ts'

// Processes are started, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'vistter-ocl-'))
afterAll(() => rmSync(folder, { recursive: true }))

function cli(content: string | undefined, ...args: string[]) {
  const file = join(folder, 'overlay.json')
  if (content !== undefined) writeFileSync(file, content)
  const script = join(import.meta.dirname, '../../runtime/ocl/cli.ts')
  const { status, stdout } = spawnSync(process.execPath, [script, ...args.map(arg => (arg === 'FILE' ? file : arg))])
  return { status, answer: JSON.parse(String(stdout)) }
}

const cue = {
  id: 'c',
  start: 0,
  duration: '2s',
  layer: 0,
  assetRef: 'logo',
  properties: { size: { width: 200, height: 100 }, position: { x: 4, y: 6 } },
}
const good = JSON.stringify(documentOf([cue]))

test('validate prints the answer of the API and exits with 0 or 1', () => {
  expect(cli(good, 'validate', 'FILE')).toEqual({ status: 0, answer: { accepted: true, warnings: [] } })
  const refused = cli(JSON.stringify(documentOf([{ ...cue, assetRef: 'ghost' }])), 'validate', 'FILE')
  expect(refused).toMatchObject({
    status: 1,
    answer: { errors: [{ code: 'OCL_REFERENCE', path: '/scenes/0/tracks/0/cues/0/assetRef' }] },
  })
})

test('resolve takes assets as available and prints the layers', () => {
  const { status, answer } = cli(good, 'resolve', 'FILE', '--at', '1999')
  expect(status).toBe(0)
  expect(answer).toMatchObject({
    layers: [{ cue: 'c', assetRef: 'logo', x: 100, y: 60, width: 200, height: 100, opacity: 1 }],
    warnings: [],
  })
  expect(cli(good, 'resolve', 'FILE', '--at', '2000').answer.layers).toEqual([])
})

test.each([
  ['input that is not JSON', '{ "ocl": ', ['validate', 'FILE'], 'OCL_STRUCTURE'],
  ['an empty file', '', ['resolve', 'FILE', '--at', '0'], 'OCL_STRUCTURE'],
  ['a file that is not there', undefined, ['validate', join(folder, 'nothing.json')], 'NOT_FOUND'],
  ['no arguments', undefined, [], 'BAD_REQUEST'],
  ['a moment that is no number', good, ['resolve', 'FILE', '--at', 'noon'], 'BAD_REQUEST'],
  ['an option that is not known', good, ['validate', 'FILE', '--fast'], 'BAD_REQUEST'],
])('%s is an answer in JSON, too', (_, content, args, code) => {
  expect(cli(content, ...args)).toMatchObject({ status: 1, answer: { errors: [{ code }] } })
})
