import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Trouble } from '../../runtime/control/flow/trouble.ts'
import { prepareFlowFile } from '../../runtime/flow-host/flow-file.ts'
import { systemClock } from '../../runtime/lib/clock.ts'

let folder: string
let userDir: string
let shipped: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flow-file-'))
  userDir = join(folder, 'user')
  shipped = join(folder, 'shipped')
  mkdirSync(shipped)
  mkdirSync(userDir)
  writeFileSync(join(shipped, 'b.json'), '[{"id":"b","type":"tab"}]')
  writeFileSync(join(shipped, 'a.json'), '[{"id":"a","type":"tab"}]')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const flows = () => JSON.parse(readFileSync(join(userDir, 'flows.json'), 'utf8')) as { id: string }[]
const prepare = () => prepareFlowFile(userDir, shipped, systemClock)

test('the first start ships all flows in one file', () => {
  expect(prepare()).toEqual({ from: 'shipped' })
  expect(flows().map(({ id }) => id)).toEqual(['a', 'b'])
})

test('what is there stays', () => {
  writeFileSync(join(userDir, 'flows.json'), '[]')
  expect(prepare()).toEqual({ from: 'kept' })
  expect(flows()).toEqual([])
})

test.each(['', '[{"id":"a"', '{"id":"a","type":"tab"}', '[1]', '[{"id":"a"}]'])(
  'a damaged file %j is put aside',
  text => {
    writeFileSync(join(userDir, 'flows.json'), text)
    const { from, damaged } = prepare()
    expect(from).toBe('shipped')
    expect(readFileSync(damaged ?? '', 'utf8')).toBe(text)
    expect(flows()).toHaveLength(2)
  },
)

test('after damage the previous deploy is better than the shipped flow', () => {
  writeFileSync(join(userDir, 'flows.json'), 'x')
  writeFileSync(join(userDir, '.flows.json.backup'), '[{"id":"mine","type":"tab"}]')
  expect(prepare().from).toBe('previous deploy')
  expect(flows()).toEqual([{ id: 'mine', type: 'tab' }])
  expect(readdirSync(userDir).some(name => name.endsWith('.new'))).toBe(false)
})

test('three crashes without health between them lead to safe mode, a long run forgets the earlier ones', () => {
  const trouble = new Trouble({ healthyAfter: 60_000, limit: 3 })
  trouble.crashed(1_000)
  trouble.crashed(1_000)
  expect(trouble.safeMode).toBe(false)
  trouble.crashed(70_000)
  trouble.crashed(1_000)
  expect(trouble.safeMode).toBe(false)
  trouble.crashed(1_000)
  expect(trouble.safeMode).toBe(true)
  trouble.reset()
  expect(trouble.safeMode).toBe(false)
})
