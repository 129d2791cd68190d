import { readFileSync } from 'node:fs'
import { asVistterError } from '../contract/errors.ts'
import { validateOcl } from '../ocl/index.ts'
import { orderOf } from './picture/order.ts'
import { render } from './picture/render.ts'

/** `vistter-ocl render`, which is a program of its own because drawing belongs to the engine and the language is pure. */
const USAGE =
  'usage: vistter-ocl render FILE [--at MS | --from MS --to MS] [--fps N] [--out FILE.png|.mp4|.yuv] [--size WxH] [--scene ID] [--background black|checker|IMAGE] [--assets FOLDER] [--token NAME=VALUE] [--now TIME] [--timezone NAME] [--reached NAME=MS|NAME=never]'

async function run(args: string[]): Promise<Record<string, unknown>> {
  const order = orderOf(args)
  if (!order) return wrong('BAD_REQUEST', USAGE)
  const checked = validateOcl(JSON.parse(readFileSync(order.file, 'utf8')))
  if (!checked.ok) return { errors: checked.errors }
  const { document, warnings } = checked
  if (order.scene !== undefined && !document.scenes.some(({ id }) => id === order.scene))
    return wrong('UNKNOWN_REFERENCE', `The document has no scene ${order.scene}.`)
  const { warnings: lacks, ...rendered } = await render(document, order)
  return { ...rendered, warnings: [...warnings, ...lacks.map(lack => ({ path: '', ...lack }))] }
}

const wrong = (code: string, message: string) => ({ errors: [{ code, path: '', message }] })

const answer = await run(process.argv.slice(2)).catch(error => {
  const missing = error?.code === 'ENOENT'
  const code = missing ? 'NOT_FOUND' : error instanceof SyntaxError ? 'OCL_STRUCTURE' : asVistterError(error).code
  return wrong(code, error instanceof Error ? error.message : String(error))
})
console.log(JSON.stringify(answer, null, 2))
process.exitCode = 'errors' in answer ? 1 : 0
