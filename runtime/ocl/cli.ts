#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { ErrorCode } from '../contract/errors.ts'
import { finding } from './finding.ts'
import { resolve } from './resolve.ts'
import type { Finding } from './types.ts'
import { validateOcl } from './validate.ts'

/**
 * `vistter-ocl validate [--strict] FILE` and `vistter-ocl resolve FILE --at MS`: the answers of the API as JSON on standard
 * output. `vistter-ocl render FILE` is the engine's, which draws.
 */
const USAGE =
  'usage: vistter-ocl validate [--strict] FILE | vistter-ocl resolve FILE --at MS | vistter-ocl render FILE [OPTIONS]'

type Answer = { errors: Finding[] } | Record<string, unknown>

function run(args: string[]): Answer {
  const parsed = argumentsOf(args)
  if (!parsed) return wrong('BAD_REQUEST', USAGE)
  const { command, file, at, strict } = parsed
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return wrong('NOT_FOUND', `${file} cannot be read: ${wordsOf(error)}`)
  }
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (error) {
    return wrong('OCL_STRUCTURE', `is not JSON: ${wordsOf(error)}`)
  }
  const checked = validateOcl(input, { strict })
  if (!checked.ok) return { errors: checked.errors }
  if (command === 'validate') return { accepted: true, warnings: checked.warnings }
  return { ...resolve(checked.document, at) }
}

interface Arguments {
  command: 'validate' | 'resolve'
  file: string
  at: number
  strict: boolean
}

function argumentsOf(args: string[]): Arguments | undefined {
  const options = { at: { type: 'string' }, strict: { type: 'boolean', default: false } } as const
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
    const [command, file] = positionals
    const { strict } = values
    const at = values.at === undefined || values.at === '' ? Number.NaN : Number(values.at)
    if (positionals.length !== 2) return undefined
    if (command === 'validate') return { command, file, at, strict }
    return command === 'resolve' && Number.isFinite(at) ? { command, file, at, strict } : undefined
  } catch {
    return undefined
  }
}

const wrong = (code: ErrorCode, message: string): Answer => ({ errors: [finding(code, '', message)] })

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The program beside this one, as source or as bundle. */
function render(args: string[]): number {
  const program = new URL(`../engine/ocl-render${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  return spawnSync(process.execPath, [fileURLToPath(program), ...args], { stdio: 'inherit' }).status ?? 1
}

const [command, ...rest] = process.argv.slice(2)
if (command === 'render') process.exitCode = render(rest)
else {
  const answer = run(process.argv.slice(2))
  console.log(JSON.stringify(answer, null, 2))
  process.exitCode = 'errors' in answer ? 1 : 0
}
