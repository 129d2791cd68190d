import { withoutCredentials } from '../credentials.ts'
import type { Note } from '../package/contents.ts'
import { clipsOf, durationIn, type OldClip, unitOf } from './clips.ts'
import { elementOf, FRAME, type OldAsset } from './elements.ts'
import { between, type Loose, loose, looseIn, textIn } from './fields.ts'

interface Upgraded {
  segment: Loose
  overlays: Record<string, Loose>
  notes: Note[]
}

const OVERLAYS = 'ocl/overlays.json'

/**
 * Segments as VistterStudio kept them: with `id`, `name` and `duration` at the top or in `metadata`, in seconds or ms, with
 * clips in or beside their tracks, `{x}` for tokens, and cameras by their addresses. Undefined: it is none. Pure.
 * `cameraAt` knows a camera by its address, id or name.
 */
export function upgrade(
  old: Loose,
  files: ReadonlyMap<string, string>,
  cameraAt: (address: string) => string | undefined,
): Upgraded | undefined {
  if (!Array.isArray(old.tracks) && !Array.isArray(old.clips)) return undefined
  const { value, found } = withoutCredentials(old, { members: true, streams: false })
  const notes: Note[] = [
    note('', 'OLD_FORMAT', 'This is an older kind of segment; it was taken over as far as it is understood.'),
    ...found.map(path =>
      note(path, 'CREDENTIALS', 'A login or a key stood here; it was left out and is kept nowhere.'),
    ),
    ...looseIn(value.apiConfigs).map((config, n) =>
      note(
        `/apiConfigs/${n}`,
        'LEFT_OUT',
        `Nothing is fetched from ${textIn(config, 'endpoint') ?? 'there'}: give its values by PUT /api/v1/data/NAME.`,
      ),
    ),
  ]
  const meta = { ...value, ...loose(value.metadata) }
  const name = (textIn(meta, 'name', 'title') ?? 'Segment').slice(0, 100)
  const clips = clipsOf(value)
  const length = Math.max(0, ...clips.map(({ start, duration }) => start + duration))
  const duration = between(0, (durationIn(value) ?? 0) * unitOf(value), 1e10) || length
  const cues = clips.filter(({ kind }) => kind === 'video').map(clip => pictureOf(clip, cameraAt, notes))
  for (const { path } of clips.filter(({ kind }) => kind === 'audio'))
    notes.push(note(path, 'LEFT_OUT', 'Sound of its own is not taken over; choose the sound of the program.'))
  const drawn = drawnOf(
    clips.filter(({ kind }) => kind === 'overlay'),
    files,
    notes,
  )
  if (drawn) cues.push({ id: 'overlays', start: 0, duration: Math.max(100, duration), overlay: OVERLAYS })
  return {
    segment: {
      ...{
        segment: '1.0',
        id: idOf(textIn(meta, 'id') ?? name),
        version: textIn(meta, 'updated', 'version') ?? 1,
        name,
        duration,
      },
      timeline: { name, loop: false, gap: 'hold', cues },
      overlays: drawn ? [OVERLAYS] : [],
    },
    overlays: drawn ? { [OVERLAYS]: drawn } : {},
    notes,
  }
}

const note = (path: string, code: Note['code'], message: string): Note => ({
  file: 'segment.json',
  path,
  code,
  message,
})

/** Older ids may be anything; they are kept where they can be. */
function idOf(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return plain.slice(0, 64) || 'segment'
}

function pictureOf(
  { id, start, duration, path, raw }: OldClip,
  cameraAt: (address: string) => string | undefined,
  notes: Note[],
): Loose {
  const asset = loose(raw.asset)
  const address =
    textIn(asset, 'path', 'url') ?? textIn(raw, 'cameraId', 'sourceId') ?? textIn(loose(raw.camera), 'id', 'name')
  const known = address === undefined ? undefined : cameraAt(address)
  const camera = known ?? nameOf(address ?? id)
  if (known === undefined)
    notes.push(
      note(
        path,
        'LEFT_OUT',
        `No camera here is at ${address ?? 'no address'}: name one ${camera}, or choose another one in the timeline.`,
      ),
    )
  return { id, start, duration, camera }
}

/** Of an address its host; anything else is a name by itself. */
const nameOf = (address: string): string =>
  (/^[a-z][a-z0-9+.-]*:\/\/([^/:?#]+)/i.exec(address)?.[1] ?? address).slice(0, 200)

function drawnOf(clips: readonly OldClip[], files: ReadonlyMap<string, string>, notes: Note[]): Loose | undefined {
  const tracks = new Map<string, Loose[]>()
  const assets = new Map<string, OldAsset>()
  for (const [layer, clip] of clips.entries()) {
    const element = elementOf(clip, layer, files)
    if ('cue' in element) {
      tracks.set(clip.track, [...(tracks.get(clip.track) ?? []), element.cue])
      if (element.asset) assets.set(element.asset.id, element.asset)
    } else notes.push(element)
  }
  if (tracks.size === 0) return undefined
  const scene = { id: 'main', start: 0, tracks: [...tracks].map(([id, cues]) => ({ id, kind: 'overlay', cues })) }
  return {
    ocl: '1.0',
    timeline: { id: 'overlays', version: 1, frameRate: 30, resolution: FRAME },
    assets: [...assets.values()],
    scenes: [scene],
  }
}
