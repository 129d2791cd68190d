import { type ErrorCode, fault } from '../contract/errors.ts'
import { parseFrameRate } from './time.ts'
import { childOf, isRecord, itemsOf } from './tree.ts'
import type { Finding } from './types.ts'

type Node = { value: unknown; path: string }

export function finding(code: ErrorCode, path: string, message: string): Finding {
  return { code, path, message, hint: fault(code, message).hint }
}

/**
 * What a schema cannot say: ids that occur twice, references to nothing, values that do not suit their property.
 * It takes any JSON at all, so that these errors are told together with those of the structure.
 */
export function checkMeaning(tree: unknown): Finding[] {
  const assets = itemsOf(childOf(tree, 'assets'), '/assets')
  const scenes = itemsOf(childOf(tree, 'scenes'), '/scenes')
  const tracks = scenes.map(scene => inside(scene, 'tracks'))
  const cues = tracks.flat().flatMap(track => inside(track, 'cues'))
  const rate = childOf(childOf(tree, 'timeline'), 'frameRate')
  return [
    ...(typeof rate === 'string' && !parseFrameRate(rate)
      ? [finding('OCL_STRUCTURE', '/timeline/frameRate', 'must be 1 to 240 frames per second')]
      : []),
    ...[assets, scenes, ...tracks, cues].flatMap(duplicates),
    ...cues.flatMap(checkCue),
    ...checkReferences(tree, assets, scenes, cues),
    ...cycles(assets),
  ]
}

function checkReferences(tree: unknown, assets: Node[], scenes: Node[], cues: Node[]): Finding[] {
  const ids = { asset: idsOf(assets), scene: idsOf(scenes), cue: idsOf(cues) }
  const refer = (node: Node, key: string, kind: keyof typeof ids): Finding[] => {
    const id = childOf(node.value, key)
    if (typeof id !== 'string' || ids[kind].has(id)) return []
    return [finding('OCL_REFERENCE', `${node.path}/${key}`, `there is no ${kind} "${id}"`)]
  }
  const fallbacks = { value: childOf(tree, 'fallbacks'), path: '/fallbacks' }
  return [
    ...assets.flatMap(asset => refer(asset, 'fallback', 'asset')),
    ...cues.flatMap(cue => refer(cue, 'assetRef', 'asset')),
    ...itemsOf(childOf(tree, 'sync'), '/sync').flatMap(sync => refer(sync, 'cue', 'cue')),
    ...refer(fallbacks, 'asset', 'asset'),
    ...refer(fallbacks, 'scene', 'scene'),
  ]
}

function duplicates(nodes: Node[]): Finding[] {
  const seen = new Map<unknown, string>()
  return nodes.flatMap(({ value, path }) => {
    const id = childOf(value, 'id')
    const first = seen.get(id)
    if (typeof id !== 'string') return []
    if (first !== undefined) return [finding('OCL_DUPLICATE_ID', `${path}/id`, `"${id}" is already the id of ${first}`)]
    seen.set(id, path)
    return []
  })
}

function checkCue({ value, path }: Node): Finding[] {
  if (!isRecord(value)) return []
  const contents = ['assetRef', 'text', 'shape'].filter(key => Object.hasOwn(value, key))
  const wrong =
    contents.length === 1
      ? []
      : [finding('OCL_STRUCTURE', path, `must have exactly one of assetRef, text and shape, not ${contents.length}`)]
  return [...wrong, ...inside({ value, path }, 'automation').flatMap(checkAutomation)]
}

function checkAutomation(automation: Node): Finding[] {
  const property = childOf(automation.value, 'property')
  return inside(automation, 'keyframes').flatMap(({ value, path }) => {
    const given = childOf(value, 'value')
    if (given === undefined || typeof property !== 'string') return []
    const wrong = unsuited(property, given)
    return wrong ? [finding('OCL_STRUCTURE', `${path}/value`, wrong)] : []
  })
}

/** Ranges are those of the same properties in the schema. */
const RANGES: Record<string, readonly [number, number]> = {
  opacity: [0, 1],
  scale: [0, 100],
  'position.x': [-100_000, 100_000],
  'position.y': [-100_000, 100_000],
}

function unsuited(property: string, value: unknown): string | undefined {
  if (property === 'text') return typeof value === 'string' ? undefined : 'must be a string, as text is automated'
  const range = Object.hasOwn(RANGES, property) ? RANGES[property] : undefined
  if (!range) return undefined
  const [least, most] = range
  if (typeof value === 'number' && value >= least && value <= most) return undefined
  return `must be a number from ${least} to ${most}, as ${property} is automated`
}

/** Assets whose fallbacks lead back to themselves. */
function cycles(assets: Node[]): Finding[] {
  const next = new Map(assets.map(({ value }) => [childOf(value, 'id'), childOf(value, 'fallback')]))
  return assets.flatMap(({ value, path }) => {
    const start = childOf(value, 'id')
    const seen = new Set<unknown>()
    let id = next.get(start)
    while (id !== undefined && id !== start && !seen.has(id)) {
      seen.add(id)
      id = next.get(id)
    }
    if (id === undefined || id !== start) return []
    return [finding('OCL_REFERENCE', `${path}/fallback`, 'the fallbacks lead back to this asset')]
  })
}

const inside = ({ value, path }: Node, key: string): Node[] => itemsOf(childOf(value, key), `${path}/${key}`)

const idsOf = (nodes: Node[]): Set<unknown> => new Set(nodes.map(({ value }) => childOf(value, 'id')))
