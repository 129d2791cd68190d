import { expect, test } from 'vitest'
import { previewSize } from '../../runtime/engine/preview.ts'

test.each([
  ['a usual program', 1920, 1080, 640, 360],
  ['a vertical one', 1080, 1920, 360, 640],
  ['an old television', 704, 576, 640, 524],
  ['one that is small anyway', 320, 180, 320, 180],
  ['a ribbon', 3840, 240, 640, 64],
])('%s of %d x %d is looked at in %d x %d', (_, width, height, ...small) => {
  const size = previewSize({ width, height })
  expect([size.width, size.height]).toEqual(small)
})
