import { isLocale } from './data/intl.ts'
import { type Remark, unknown, wrong } from './finding.ts'
import { checkCue } from './meaning-cue.ts'
import { checkData } from './meaning-data.ts'
import { checkTimes } from './meaning-parts.ts'
import { checkReferences } from './references.ts'
import { parseFrameRate } from './time.ts'
import { childOf, inside, type Node } from './tree.ts'

/**
 * What a schema cannot say: references to nothing, values that do not suit their property, times that are out of range,
 * what is without effect. It takes any JSON at all, so that these errors are told together with those of the structure.
 */
export function checkMeaning(tree: unknown): Remark[] {
  const root = { value: tree, path: '' }
  const scenes = inside(root, 'scenes')
  const tracks = scenes.map(scene => inside(scene, 'tracks'))
  const cues = tracks.flat().flatMap(track => inside(track, 'cues'))
  const assets = inside(root, 'assets')
  const data = inside(root, 'data')
  const syncs = inside(root, 'sync')
  const timeline = { value: childOf(tree, 'timeline'), path: '/timeline' }
  const given = childOf(timeline.value, 'frameRate')
  const rate = parseFrameRate(given)
  return [
    ...(typeof given === 'string' && !rate
      ? [wrong('OCL_STRUCTURE', '/timeline/frameRate', 'must be 1 to 240 frames per second')]
      : []),
    ...checkLocale(tree),
    ...checkReferences(root, { assets, scenes, tracks, cues, data, syncs }),
    ...checkTimes(timeline, { duration: 'duration' }, rate),
    ...scenes.flatMap(scene => checkTimes(scene, { start: 'time', duration: 'duration' }, rate)),
    ...syncs.flatMap(sync => checkTimes(sync, { timeout: 'duration' }, rate)),
    ...assets.flatMap(checkRights),
    ...cues.flatMap(cue => checkCue(cue, rate)),
    ...data.flatMap(binding => checkData(binding, rate)),
  ]
}

function checkLocale(tree: unknown): Remark[] {
  const locale = childOf(tree, 'locale')
  if (typeof locale !== 'string' || isLocale(locale)) return []
  return [unknown('/locale', `"${locale.slice(0, 40)}" is not a language tag, so the appliance's language is used`)]
}

function checkRights({ value, path }: Node): Remark[] {
  const expires = childOf(childOf(value, 'rights'), 'expires')
  if (typeof expires !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(expires) || Number.isFinite(Date.parse(expires)))
    return []
  const hint = 'Use a date such as "2027-01-31" or a time such as "2027-01-31T18:00:00Z".'
  return [wrong('OCL_TIME', `${path}/rights/expires`, `is not a date: "${expires.slice(0, 40)}"`, hint)]
}
