import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import type { Family } from '../../ocl/fonts.ts'
import { type Characters, charactersOf, includes, merged } from './font-file.ts'

const { resolve } = createRequire(import.meta.url)

/** One file of a family. Large families come in many of them, so that a text loads only those that it needs. */
class Slice {
  /** Its name for a canvas: one that no font of the system has. */
  readonly name: string
  private readonly files: readonly string[]
  /** What its package says that it is for; undefined: whatever it has. */
  private readonly meant: Characters | undefined
  private real: Characters | undefined
  private loaded = false

  constructor(name: string, files: readonly string[], meant?: Characters) {
    this.name = `vistter-${name}`
    this.files = files
    this.meant = meant
  }

  has(code: number): boolean {
    if (this.meant && !includes(this.meant, code)) return false
    this.real ??= charactersOf(this.files[0])
    return includes(this.real, code)
  }

  load(): void {
    if (this.loaded) return
    this.loaded = true
    for (const file of this.files) GlobalFonts.registerFromPath(file, this.name)
  }
}

const INTER = ['400Regular', '300Light', '500Medium', '600SemiBold', '700Bold', '800ExtraBold', '900Black']

const inter = (): Slice[] => [
  new Slice(
    'inter',
    INTER.map(name => resolve(`@expo-google-fonts/inter/${name}/Inter_${name}.ttf`)),
  ),
]

/** A family whose weights are all in one file, cut into slices by characters; its package says what each is for. */
function variable(name: string): Slice[] {
  const file = resolve(`@fontsource-variable/${name}/unicode.json`)
  const ranges: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'))
  return Object.entries(ranges).map(([key, text]) => {
    const slice = `${name}-${key.replace(/[[\]]/g, '')}`
    return new Slice(slice, [join(dirname(file), 'files', `${slice}-wght-normal.woff2`)], charactersIn(text))
  })
}

/** "U+0600-06FF,U+200C" */
const charactersIn = (text: string): Characters =>
  merged(
    text.split(',').map((range): [number, number] => {
      const [first, last = first] = range
        .trim()
        .slice(2)
        .split('-')
        .map(hex => Number.parseInt(hex, 16))
      return [first, last]
    }),
  )

/** All emoji lie in these; the file is large, and must not be looked into for every Chinese character. */
const EMOJI = 'U+A9,U+AE,U+203C-2BFF,U+3030,U+303D,U+3297,U+3299,U+1F000-1FBFF'

/** In one piece: a family or a flag is a sequence of characters that one font joins. */
const emoji = (): Slice[] => [
  new Slice(
    'emoji',
    [resolve('@fontsource/noto-color-emoji/files/noto-color-emoji-emoji-400-normal.woff2')],
    charactersIn(EMOJI),
  ),
]

const SLICES: Record<Family, () => Slice[]> = {
  Inter: inter,
  'Noto Sans': () => variable('noto-sans'),
  'Noto Sans Arabic': () => variable('noto-sans-arabic'),
  'Noto Sans Hebrew': () => variable('noto-sans-hebrew'),
  'Noto Sans Thai': () => variable('noto-sans-thai'),
  'Noto Color Emoji': emoji,
  'Noto Sans SC': () => variable('noto-sans-sc'),
  'Noto Sans JP': () => variable('noto-sans-jp'),
  'Noto Sans KR': () => variable('noto-sans-kr'),
}

const shelf = new Map<Family, Slice[]>()

/** The slice of a family that has a character. Nothing is read before it is asked for. */
export function sliceOf(family: Family, code: number): Slice | undefined {
  const known = shelf.get(family)
  const slices = known ?? SLICES[family]()
  if (!known) shelf.set(family, slices)
  return slices.find(slice => slice.has(code))
}
