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

/** What stands in has to live: a clip that is played once lives from its take to its end. */
export const lasting = (ref: SourceRef): SourceRef => (ref.kind === 'clip' ? { ...ref, loop: true } : ref)

/** The name that people gave to what a program shows or is to show; a slate that only stands in is the slate. Pure. */
export function sourceName(
  id: string,
  { sources, fallback }: { sources: readonly SourceRef[]; fallback: readonly SourceRef[] },
  cameras: readonly { id: string; name: string }[],
): string {
  const known = cameras.find(camera => camera.id === id) ?? findWired([...sources, ...fallback.map(lasting)], id)
  return known?.name ?? (id.startsWith('slate') ? 'Slate' : 'A source that is gone')
}

const digest = (...parts: string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 10)

/** The source of a program's wires that is meant by an id, or by a name: of a file, or a slate's title. */
export function findWired(refs: readonly SourceRef[], idOrName: string): WiredSource | undefined {
  const all = refs.flatMap(ref => wiredSource(ref) ?? [])
  return all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName)
}

/** What people may choose besides cameras, each once, by their names. */
export function clipsOf(refs: readonly SourceRef[]): { id: string; name: string }[] {
  const all = new Map(refs.flatMap(ref => wiredSource(ref) ?? []).map(({ id, name }) => [id, { id, name }]))
  return [...all.values()].sort((a, b) => a.name.localeCompare(b.name))
}
