import { expect, test } from 'vitest'
import { oclShow } from '../bench/ocl-show.ts'

const SECONDS = 600

test('three moving layers at 1080p60 lose no frame in ten minutes', async () => {
  const { 'ocl.show60': lost } = await oclShow(SECONDS)
  expect(lost).toMatchObject({ value: 0 })
}, 900_000)
