import { expect, test } from 'vitest'
import { presetBy } from '../../runtime/control/show/preset-by-name.ts'

const cameras = [
  { id: 'c1', name: 'Nave' },
  { id: 'c2', name: 'Door' },
]
const presets = [
  { id: 'p1', camera: 'c1', name: 'Altar', shotId: 'shot-1' },
  { id: 'p2', camera: 'c1', name: 'Wide' },
  { id: 'p3', camera: 'c2', name: 'Wide', shotId: 'Altar' },
  { id: 'p4', camera: 'c2', name: 'Twice' },
  { id: 'p5', camera: 'c2', name: 'Twice' },
]
const find = (wanted: string, camera?: string) => presetBy({ cameras, presets }, wanted, camera)

test('a preset is meant by its id, its shot or its name, in this order', () => {
  expect(find('p2').id).toBe('p2')
  expect(find('shot-1').id).toBe('p1')
  expect(find('Altar').id).toBe('p3')
  expect(find('Altar', 'Nave').id).toBe('p1')
  expect(find('Wide', 'c2').id).toBe('p3')
  expect(find('Twice', 'Door').id).toBe('p4')
})

test.each([
  ['Wide', undefined, 'name the camera'],
  ['Nowhere', undefined, 'There is no preset Nowhere'],
  ['p3', 'Nave', 'Nave has no preset p3'],
  ['Wide', 'Crypt', 'There is no camera Crypt'],
])('%s of %s is refused', (wanted, camera, why) => {
  const refusal = { code: 'UNKNOWN_REFERENCE', message: expect.stringContaining(why) }
  expect(() => find(wanted, camera)).toThrow(expect.objectContaining(refusal))
})
