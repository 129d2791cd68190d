import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { VistterError } from '../../contract/errors.ts'

export const PLAYLIST = '.m3u8'

/**
 * HTTP Live Streaming (RFC 8216) for any web server that serves the folder: pieces from keyframe to keyframe, older ones
 * deleted. The playlist's address is what players know, so it is carried on after an interruption: numbers go on behind a
 * discontinuity. Throws OUTPUT_UNSUPPORTED for a path that FFmpeg cannot write pieces to.
 */
export function hlsOutput(file: string): string[] {
  // FFmpeg would take it for the number's place, and has no way to say otherwise.
  if (file.includes('%')) throw new VistterError('OUTPUT_UNSUPPORTED', 'The path of an HLS folder must have no "%".')
  return [
    ...['-f', 'hls', '-hls_time', '2', '-hls_list_size', '6'],
    // temp_file: nobody who polls the folder gets half a playlist or half a piece.
    ...['-hls_flags', 'delete_segments+append_list+independent_segments+program_date_time+temp_file'],
    // Without "file:" before the paths, because it could not delete them then.
    ...['-hls_segment_filename', `${stemOf(file)}-%d.ts`, '-y', file],
  ]
}

/** FFmpeg deletes what it has listed itself; pieces that an earlier life left unlisted would stay for ever. */
export function sweepPieces(file: string): void {
  const folder = dirname(file)
  const listed = new Set(readOr(file, '').split(/\r?\n/))
  const prefix = `${basename(stemOf(file))}-`
  for (const name of readdirSync(folder)) {
    const isPiece = name.startsWith(prefix) && /^\d+\.ts(\.tmp)?$/.test(name.slice(prefix.length))
    if (isPiece && !listed.has(name)) rmSync(join(folder, name), { force: true })
  }
}

const stemOf = (file: string): string => file.slice(0, -PLAYLIST.length)

function readOr(file: string, fallback: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return fallback
  }
}
