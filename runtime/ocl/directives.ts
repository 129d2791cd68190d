import type { Problem } from '../contract/validate.ts'
import { finding } from './finding.ts'
import { parentOf, step, stepsOf } from './pointer.ts'
import { suggestion } from './suggest.ts'
import { childOf } from './tree.ts'
import type { Finding } from './types.ts'

const EASINGS = [
  ...['linear', 'ease-in', 'ease-out', 'ease-in-out', 'ease-in-cubic', 'ease-out-cubic', 'ease-in-out-cubic', 'hold'],
  'cubic-bezier(x1, y1, x2, y2)',
]

/** Lists of words that later versions may add to. */
const GROWING = new Set(['Direction', 'Otherwise', 'TextDirection', 'TextFit', 'AssetFit', 'QrLevel', 'StaleRule'])
/** Of these a word alone says nothing: with it goes what holds it. */
const HEADS = new Set(['TransitionType', 'AutomatedProperty'])

/** What is to be left out because it is not known here, and the warning that tells so. Undefined: it is a mistake. */
export function dropOf(problem: Problem, tree: unknown): { path: string; warning: Finding } | undefined {
  const { keyword, path, params, message, known = EASINGS } = problem
  const drop = dropPath(problem, tree)
  if (drop === undefined) return undefined
  const isKey = keyword === 'additionalProperties'
  const word = isKey ? String(params.additionalProperty) : shortOf(params.tagValue ?? valueAt(tree, path))
  const meant = suggestion(word, known)
  const advice = meant === undefined ? undefined : `Did you mean "${meant}"? It was left out and a safe default used.`
  const why = isKey || keyword === 'discriminator' ? '' : `: it ${keyword === 'pattern' ? easingWords : message}`
  const said = `"${word.slice(0, 80)}" is not known here and was left out${why}`
  return { path: drop, warning: finding('OCL_UNSUPPORTED_DIRECTIVE', isKey ? drop : path, said, advice) }
}

const easingWords = `must be one of ${EASINGS.join(', ')}`

function dropPath({ keyword, path, params, title = '' }: Problem, tree: unknown): string | undefined {
  if (keyword === 'additionalProperties') return step(path, String(params.additionalProperty))
  if (keyword === 'discriminator') return params.error === 'mapping' ? path : undefined
  if (typeof valueAt(tree, path) !== 'string') return undefined
  if (keyword === 'pattern') return title === 'Easing' ? path : undefined
  if (keyword !== 'enum') return undefined
  if (HEADS.has(title)) return parentOf(path)
  return GROWING.has(title) ? path : undefined
}

const KINDS: Record<string, string> = { Time: 'a time', Duration: 'a duration', Moment: 'a time' }

/** Advice for what is written in a form of its own. */
const FORMS: Record<string, string> = {
  Moment: 'Use a time of the world such as "2026-12-31T23:59:59Z", or one of the document such as "t+60s".',
  Color: 'Write colours as "#rrggbb" or, with opacity, "#rrggbbaa".',
  Duration: 'Use "500ms", "5s", "45f" (frames), "00:00:05.000" or a number of milliseconds.',
  FrameRate: 'Use a number of frames per second such as 30, or a fraction such as "60000/1001".',
  Version: 'This appliance speaks OCL 1.x: send "ocl": "1.0".',
}

export function errorOf(problem: Problem, tree: unknown): Finding {
  const { keyword, path, title = '', known, params } = problem
  const kind = KINDS[title]
  const given = valueAt(tree, path)
  const written = JSON.stringify(given)?.slice(0, 80)
  if (kind) return finding('OCL_TIME', path, `is not ${kind}: ${written}`, FORMS[title])
  const meant = keyword === 'enum' && typeof given === 'string' && known ? suggestion(given, known) : undefined
  return finding(
    'OCL_STRUCTURE',
    path,
    wordsOf(problem, written),
    meant === undefined ? adviceFor(keyword, title, params) : `Did you mean "${meant}"?`,
  )
}

/** A pattern says nothing to people, and what is wrong is sooner found beside what stands there. */
function wordsOf({ keyword, title, message }: Problem, written: string | undefined): string {
  if (keyword === 'pattern')
    return `is not ${title === 'Color' ? 'a colour' : 'of the form that is wanted here'}: ${written}`
  return SHOWN.has(keyword) ? `${message}, not ${written}` : message
}

const SHOWN = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'enum'])

function adviceFor(keyword: string, title: string, params: Record<string, unknown>): string | undefined {
  if (Object.hasOwn(FORMS, title)) return FORMS[title]
  if (keyword === 'required') return `Add "${params.missingProperty}".`
  return undefined
}

const shortOf = (value: unknown): string => String(value).slice(0, 200)

const valueAt = (tree: unknown, path: string): unknown =>
  stepsOf(path).reduce<unknown>((node, key) => childOf(node, key), tree)
