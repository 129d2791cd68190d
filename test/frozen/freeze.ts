import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { validateOcl } from '../../runtime/ocl/validate.ts'
import { answersOf } from './answers.ts'

/** `node test/frozen/freeze.ts FILE…`: keeps documents with what they show now. What is frozen is never written again. */
for (const file of process.argv.slice(2)) {
  const target = join(import.meta.dirname, 'ocl-1.0', basename(file))
  if (existsSync(target)) continue
  const checked = validateOcl(JSON.parse(readFileSync(file, 'utf8')))
  if (!checked.ok) throw new Error(`${file} is not valid: ${checked.errors[0].message}`)
  writeFileSync(target, `${JSON.stringify({ document: checked.document, answers: answersOf(checked.document) })}\n`)
}
