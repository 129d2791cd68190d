import { createHash } from 'node:crypto'
import type { Wiring } from '../../contract/generated/wiring.v1.ts'

type SourceRef = Wiring['programs'][number]['sources'][number]

/** A source that no store knows: a wire alone names it. Its id follows from what it is, so it stays the same. */
export interface WiredSource {
  id: string
  name: string
  ref: Exclude<SourceRef, { kind: 'camera' }>
}

/** The source that a wire makes, or undefined when it leads from a camera, which is kept elsewhere. */
export function wiredSource(ref: SourceRef): WiredSource | undefined {
  switch (ref.kind) {
    case 'camera':
      return undefined
    case 'clip':
      return {
        id: `clip-${digest(ref.file, String(ref.loop))}`,
        name: ref.file.split('/').at(-1) ?? ref.file,
        ref,
      }
    case 'bars':
      return { id: ref.tone ? 'bars' : 'bars-silent', name: 'Colour bars', ref }
    case 'slate':
      return {
        id: `slate-${digest(ref.title, ref.subtitle, ref.image ?? '')}`,
        name: ref.image?.split('/').at(-1) ?? ref.title,
        ref,
      }
  }
}

const digest = (...parts: string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 10)

/** The source of a program's wires that is meant by an id, or by a name: of a file, or a slate's title. */
export function findWired(refs: readonly SourceRef[], idOrName: string): WiredSource | undefined {
  const all = refs.flatMap(ref => wiredSource(ref) ?? [])
  return all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName)
}
