import { type Remark, wrong } from './finding.ts'
import { childOf, inside, type Node } from './tree.ts'

/** The named parts of a document. */
export interface Parts {
  assets: Node[]
  scenes: Node[]
  /** One list for each scene. */
  tracks: Node[][]
  cues: Node[]
  data: Node[]
  syncs: Node[]
}

/** Ids that occur twice, references to nothing, fallbacks that lead back to themselves. */
export function checkReferences(root: Node, { assets, scenes, tracks, cues, data, syncs }: Parts): Remark[] {
  const ids = { asset: idsOf(assets), scene: idsOf(scenes), cue: idsOf(cues) }
  const refer = (node: Node, key: string, kind: keyof typeof ids): Remark[] => {
    const id = childOf(node.value, key)
    if (typeof id !== 'string' || ids[kind].has(id)) return []
    return [wrong('OCL_REFERENCE', `${node.path}/${key}`, `there is no ${kind} "${id.slice(0, 200)}"`)]
  }
  const fallbacks = { value: childOf(root.value, 'fallbacks'), path: '/fallbacks' }
  const slides = cues.flatMap(cue =>
    inside({ value: childOf(cue.value, 'slides'), path: `${cue.path}/slides` }, 'items'),
  )
  return [
    ...[assets, scenes, ...tracks, cues].flatMap(nodes => duplicates(nodes, 'id')),
    ...duplicates(data, 'key'),
    ...assets.flatMap(asset => refer(asset, 'fallback', 'asset')),
    ...[...cues, ...slides].flatMap(node => refer(node, 'assetRef', 'asset')),
    ...syncs.flatMap(sync => refer(sync, 'cue', 'cue')),
    ...refer(fallbacks, 'asset', 'asset'),
    ...refer(fallbacks, 'scene', 'scene'),
    ...cycles(assets),
  ]
}

function duplicates(nodes: Node[], name: 'id' | 'key'): Remark[] {
  const seen = new Map<unknown, string>()
  return nodes.flatMap(({ value, path }) => {
    const id = childOf(value, name)
    const first = seen.get(id)
    if (typeof id !== 'string') return []
    if (first !== undefined)
      return [wrong('OCL_DUPLICATE_ID', `${path}/${name}`, `"${id.slice(0, 200)}" is already the ${name} of ${first}`)]
    seen.set(id, path)
    return []
  })
}

/** Each asset has one fallback at most, so every chain is walked once: what leads into a known end is no circle. */
function cycles(assets: Node[]): Remark[] {
  const next = new Map(assets.map(({ value }) => [childOf(value, 'id'), childOf(value, 'fallback')]))
  const done = new Set<unknown>()
  const circular = new Set<unknown>()
  for (const start of next.keys()) {
    const way = new Set<unknown>()
    let id: unknown = start
    while (id !== undefined && !done.has(id) && !way.has(id)) {
      way.add(id)
      id = next.get(id)
    }
    if (id !== undefined && way.has(id)) {
      for (let member: unknown = id; !circular.has(member); member = next.get(member)) circular.add(member)
    }
    for (const member of way) done.add(member)
  }
  return assets.flatMap(({ value, path }) =>
    circular.has(childOf(value, 'id'))
      ? [wrong('OCL_REFERENCE', `${path}/fallback`, 'the fallbacks lead back to this asset')]
      : [],
  )
}

const idsOf = (nodes: Node[]): Set<unknown> => new Set(nodes.map(({ value }) => childOf(value, 'id')))
