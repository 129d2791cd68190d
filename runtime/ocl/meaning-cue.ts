import { type Remark, useless, wrong } from './finding.ts'
import { FAMILIES, namedFont } from './fonts.ts'
import { checkAutomation } from './meaning-automation.ts'
import { checkEasing, checkTimes } from './meaning-parts.ts'
import { suggestion } from './suggest.ts'
import { parseDuration } from './time.ts'
import { childOf, inside, isRecord, type Node } from './tree.ts'

const CONTENTS = ['assetRef', 'text', 'shape', 'qr', 'slides']
/** Shorter than a frame of any program: it could not be told from an endless flicker. */
const SHORTEST_SLIDE = 40
const LONGEST_FONT = 100

export function checkCue(cue: Node, rate: number | undefined): Remark[] {
  const { value, path } = cue
  if (!isRecord(value)) return []
  const contents = CONTENTS.filter(key => Object.hasOwn(value, key))
  const transition = { value: value.transition, path: `${path}/transition` }
  const sync = { value: value.sync, path: `${path}/sync` }
  return [
    ...(contents.length === 1
      ? []
      : [wrong('OCL_STRUCTURE', path, `must have exactly one of ${CONTENTS.join(', ')}, not ${contents.length}`)]),
    ...checkTimes(cue, { start: 'time', duration: 'duration' }, rate),
    ...checkTimes(sync, { timeout: 'duration' }, rate),
    ...['in', 'out'].flatMap(key => checkTransition(child(transition, key), rate)),
    ...checkText(cue),
    ...checkShape(child(cue, 'shape')),
    ...checkSlides(child(cue, 'slides'), rate),
    ...checkProperties(cue),
    ...checkAutomation(cue, rate),
  ]
}

function checkTransition(transition: Node, rate: number | undefined): Remark[] {
  const { value, path } = transition
  const type = childOf(value, 'type')
  return [
    ...checkTimes(transition, { duration: 'duration' }, rate),
    ...checkEasing(transition),
    ...(childOf(value, 'from') !== undefined && typeof type === 'string' && type !== 'scale'
      ? [useless(`${path}/from`, `a ${type} has no size that it begins from`, 'Take it out, or use "type": "scale".')]
      : []),
  ]
}

function checkText(cue: Node): Remark[] {
  const text = child(cue, 'text')
  if (!isRecord(text.value)) return []
  const sized = childOf(childOf(cue.value, 'properties'), 'size') !== undefined
  const needsBox = ['fit', 'verticalAlign'].filter(key => isRecord(text.value) && Object.hasOwn(text.value, key))
  const ticker = text.value.ticker !== undefined
  return [
    ...(ticker && !sized
      ? [
          wrong(
            'OCL_STRUCTURE',
            `${text.path}/ticker`,
            'needs a box to run through',
            'Give the cue a properties.size, such as { "width": 1600, "height": 60 }.',
          ),
        ]
      : []),
    ...(sized
      ? []
      : needsBox.map(key => useless(`${text.path}/${key}`, 'is without effect, as the cue has no properties.size'))),
    ...(text.value.radius !== undefined && text.value.background === undefined
      ? [useless(`${text.path}/radius`, 'is without effect, as the text has no background')]
      : []),
    ...checkFont(text.value.font, `${text.path}/font`),
  ]
}

function checkFont(font: unknown, path: string): Remark[] {
  if (typeof font !== 'string' || font.length > LONGEST_FONT) return []
  const { name, family } = namedFont(font)
  if (family !== undefined || name === '') return []
  const meant = suggestion(name, FAMILIES)
  const hint = meant === undefined ? `Use one of ${FAMILIES.join(', ')}.` : `Did you mean "${meant}"?`
  return [useless(path, `"${name}" is on no appliance, so it is Inter`, hint)]
}

function checkShape({ value, path }: Node): Remark[] {
  if (!isRecord(value)) return []
  const filled = ['color', 'gradient', 'stroke'].some(key => Object.hasOwn(value, key))
  const stops = inside({ value: value.gradient, path: `${path}/gradient` }, 'stops')
  const places = stops.map(stop => childOf(stop.value, 'at'))
  const falling = places.findIndex((at, i) => {
    const before = places[i - 1]
    return typeof at === 'number' && typeof before === 'number' && at < before
  })
  return [
    ...(filled
      ? []
      : [wrong('OCL_STRUCTURE', path, 'must have at least one of color, gradient and stroke: it could not be seen')]),
    ...(falling > 0
      ? [wrong('OCL_STRUCTURE', `${stops[falling].path}/at`, 'must not be less than that of the stop before it')]
      : []),
  ]
}

function checkSlides(slides: Node, rate: number | undefined): Remark[] {
  if (!isRecord(slides.value)) return []
  const items = inside(slides, 'items')
  const every = [{ ...slides, key: 'every' }, ...items.map(item => ({ ...item, key: 'duration' }))]
  return [
    ...checkTransition(child(slides, 'transition'), rate),
    ...every.flatMap(({ value, path, key }) => {
      const long = parseDuration(childOf(value, key), rate ?? 30)
      if (long === undefined) return checkTimes({ value, path }, { [key]: 'duration' }, rate)
      if (long >= SHORTEST_SLIDE) return []
      const hint = 'Show each slide for at least 40 ms.'
      return [wrong('OCL_TIME', `${path}/${key}`, `is shorter than ${SHORTEST_SLIDE} ms`, hint)]
    }),
  ]
}

function checkProperties(cue: Node): Remark[] {
  const { value, path } = child(cue, 'properties')
  const has = (key: string) => childOf(cue.value, key) !== undefined
  const given = (key: string) => childOf(value, key) !== undefined
  const isAsset = has('assetRef') || has('slides')
  return [
    ...(given('fit') && !(isAsset && given('size'))
      ? [useless(`${path}/fit`, 'is without effect: it says how an asset fills its size, and here is no such')]
      : []),
    ...(given('text') && !has('text') ? [useless(`${path}/text`, 'is without effect, as the cue has no text')] : []),
    ...(has('loop') && !isAsset ? [useless(`${cue.path}/loop`, 'is without effect, as the cue shows no asset')] : []),
  ]
}

const child = ({ value, path }: Node, key: string): Node => ({ value: childOf(value, key), path: `${path}/${key}` })
