import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OclDocument } from '../../runtime/contract/generated/ocl.v1.ts'
import { validateOcl } from '../../runtime/ocl/validate.ts'
import { answersOf } from '../frozen/answers.ts'

/** Documents of the language's first release with what they showed then. A failure here breaks a promise, not a test. */
const folder = join(import.meta.dirname, '../frozen/ocl-1.0')
const names = readdirSync(folder)

test('there are frozen documents', () => {
  expect(names.length).toBeGreaterThanOrEqual(40)
})

test.each(names)('%s shows what it showed', name => {
  const { document, answers } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
    document: OclDocument
    answers: unknown[]
  }
  const checked = validateOcl(document)
  expect(checked).toEqual({ ok: true, document, warnings: [] })
  expect(answersOf(document)).toEqual(answers)
})
