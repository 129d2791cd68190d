import { type Remark, useless, wrong } from './finding.ts'
import { checkEasing, checkTimes } from './meaning-parts.ts'
import { tokensIn } from './text.ts'
import { childOf, inside, type Node } from './tree.ts'

const COLOR = /^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/
const LONGEST_TEXT = 2_000

/** Ranges are those of the same properties in the schema. */
const RANGES: Record<string, readonly [number, number]> = {
  opacity: [0, 1],
  scale: [0, 100],
  'position.x': [-100_000, 100_000],
  'position.y': [-100_000, 100_000],
  rotation: [-36_000, 36_000],
  'crop.left': [0, 1],
  'crop.top': [0, 1],
  'crop.right': [0, 1],
  'crop.bottom': [0, 1],
  number: [-1e15, 1e15],
  scroll: [0, 1],
}

export function checkAutomation(cue: Node, rate: number | undefined): Remark[] {
  const automations = inside(cue, 'automation')
  const last = new Map(automations.map(({ value, path }) => [childOf(value, 'property'), path]))
  // Looked for once, and only where it matters: automations may be many.
  let counted: boolean | undefined
  const showsNumber = () => (counted ??= tokensIn(wordsOf(cue)).includes('number'))
  return automations.flatMap(automation => {
    const { value, path } = automation
    const property = childOf(value, 'property')
    if (typeof property !== 'string') return []
    const keyframes = inside(automation, 'keyframes')
    const idle = idleReason(property, cue.value, showsNumber)
    return [
      ...(idle ? [useless(path, `automation of ${property} is without effect: ${idle}`)] : []),
      ...(last.get(property) === path
        ? []
        : [useless(path, `is without effect: ${last.get(property)} automates ${property}, too, and comes later`)]),
      ...(childOf(value, 'format') !== undefined && property !== 'number'
        ? [useless(`${path}/format`, 'is without effect: only number is written by a format')]
        : []),
      ...keyframes.flatMap(keyframe => [
        ...checkTimes(keyframe, { at: 'time' }, rate),
        ...checkEasing(keyframe),
        ...checkValue(keyframe, property),
      ]),
    ]
  })
}

function checkValue({ value, path }: Node, property: string): Remark[] {
  const given = childOf(value, 'value')
  const problem = given === undefined ? undefined : unsuited(property, given)
  return problem ? [wrong('OCL_STRUCTURE', `${path}/value`, problem)] : []
}

function unsuited(property: string, value: unknown): string | undefined {
  if (property === 'text') {
    if (typeof value !== 'string') return 'must be a string, as text is automated'
    return value.length > LONGEST_TEXT ? `must not be longer than ${LONGEST_TEXT} characters` : undefined
  }
  if (property === 'color')
    return typeof value === 'string' && COLOR.test(value)
      ? undefined
      : 'must be a colour "#rrggbb" or "#rrggbbaa", as color is automated'
  const range = Object.hasOwn(RANGES, property) ? RANGES[property] : undefined
  if (!range) return undefined
  const [least, most] = range
  if (typeof value === 'number' && value >= least && value <= most) return undefined
  return `must be a number from ${least} to ${most}, as ${property} is automated`
}

/** Why the automation of a property changes nothing that this cue shows. */
function idleReason(property: string, cue: unknown, showsNumber: () => boolean): string | undefined {
  const text = childOf(cue, 'text')
  const shape = childOf(cue, 'shape')
  switch (property) {
    case 'text':
      return text === undefined ? 'the cue has no text' : undefined
    case 'scroll':
      return childOf(text, 'ticker') === undefined ? 'the cue has no ticker' : undefined
    case 'color':
      if (childOf(shape, 'gradient') !== undefined) return 'the shape is filled with a gradient'
      return text === undefined && shape === undefined && childOf(cue, 'qr') === undefined
        ? 'an asset has no color'
        : undefined
    case 'number':
      return showsNumber() ? undefined : 'no {{number}} stands in the words of the cue'
    default:
      return undefined
  }
}

/** Everything in which a cue may say something. */
function wordsOf(cue: Node): unknown[] {
  const { value } = cue
  const automated = inside(cue, 'automation').flatMap(automation =>
    childOf(automation.value, 'property') === 'text' ? inside(automation, 'keyframes') : [],
  )
  const own = [childOf(value, 'text'), childOf(value, 'qr'), childOf(childOf(value, 'properties'), 'text')]
  return [...own, ...automated.map(keyframe => keyframe.value)]
}
