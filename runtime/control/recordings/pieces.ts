import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The pieces of a recording in their order; none when its folder is not there (any more). */
export async function pieceNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return names.filter(name => name.endsWith('.ts')).sort()
}

export async function weigh(folder: string): Promise<{ bytes: number; pieces: number }> {
  const names = await pieceNames(folder)
  // A piece may be deleted meanwhile: by a person, or to make room.
  const sizes = await Promise.all(
    names.map(name =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), pieces: names.length }
}
