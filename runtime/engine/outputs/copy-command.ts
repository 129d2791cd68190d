import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VistterError } from '../../contract/errors.ts'
import { hlsOutput, PLAYLIST } from './hls.ts'

/** The child's end of the pipe that carries options which must not show in its command line. */
export const PRESET_FD = 3

/** What FFmpeg is told to pass a stream on without encoding it again. */
export interface CopyCommand {
  args: string[]
  /** Lines of an option preset for PRESET_FD; empty when nothing is secret. */
  preset: string
  /** Texts that must not show up in a log. */
  secrets: string[]
  /** Who or what is at the other end, for sentences. */
  peer: string
  /** The file that is written, if it is one. */
  file?: string
  /** What FFmpeg reports once something has gone out. */
  delivered: RegExp
}

const SOME_BYTES = /^total_size=[1-9]/m
/** A muxer that opens its files itself tells no size. */
const SOME_TIME = /^out_time_us=[1-9]/m

const INPUT = [
  ...['-hide_banner', '-loglevel', 'warning', '-nostats', '-progress', 'pipe:1', '-stats_period', '0.5'],
  // The headers come first, so a short look at the stream tells everything.
  ...['-probesize', '1M', '-analyzeduration', '500000', '-f', 'flv', '-i', 'pipe:0', '-map', '0:v', '-map', '0:a?'],
]

/** Muxers by file extension. Each leaves a file that plays up to the last second when the power goes. */
const FILES: Record<string, string[]> = {
  '.flv': ['-f', 'flv'],
  '.mkv': ['-f', 'matroska'],
  '.ts': ['-f', 'mpegts'],
  '.mp4': ['-f', 'mp4', '-movflags', '+frag_keyframe+empty_moov+default_base_moof'],
}

/**
 * A recording into a local file, by its extension; an existing one is never written over. A playlist becomes a live HLS
 * folder instead. Throws OUTPUT_UNSUPPORTED.
 */
export function fileCommand(url: string): CopyCommand {
  const wanted = pathOf(url)
  const extension = extname(wanted).toLowerCase()
  if (extension === PLAYLIST) {
    const args = [...INPUT, '-c', 'copy', ...hlsOutput(wanted)]
    return { args, preset: '', secrets: [], peer: wanted, file: wanted, delivered: SOME_TIME }
  }
  const muxer = FILES[extension]
  const endings = [...Object.keys(FILES), PLAYLIST].join(', ')
  if (!muxer) throw new VistterError('OUTPUT_UNSUPPORTED', `A file must end in ${endings}.`)
  const file = freeName(wanted)
  const args = [...INPUT, '-c', 'copy', ...muxer, '-n', `file:${file}`]
  return { args, preset: '', secrets: [], peer: file, file, delivered: SOME_BYTES }
}

/** SRT as a caller or listener; passphrase and stream id travel outside the command line. Throws OUTPUT_UNSUPPORTED. */
export function srtCommand(url: string, streamKey?: string): CopyCommand {
  if (!URL.canParse(url)) throw new VistterError('OUTPUT_UNSUPPORTED', 'The address is not one of an SRT server.')
  const parsed = new URL(url)
  const passphrase = parsed.searchParams.get('passphrase') ?? ''
  const streamId = streamKey || (parsed.searchParams.get('streamid') ?? '')
  parsed.searchParams.delete('passphrase')
  parsed.searchParams.delete('streamid')
  const secrets = [passphrase, streamId].filter(Boolean)
  if (secrets.some(secret => /[\r\n]/.test(secret)))
    throw new VistterError('OUTPUT_UNSUPPORTED', 'A passphrase or stream key must be one line.')
  const preset = [passphrase && `passphrase=${passphrase}`, streamId && `streamid=${streamId}`].filter(Boolean)
  return {
    args: [
      ...INPUT,
      // The time line goes on over a reconnection, so the receiver sees it rise.
      ...['-copyts', '-c', 'copy', '-f', 'mpegts', '-muxdelay', '0', '-muxpreload', '0'],
      ...(preset.length > 0 ? ['-fpre', `/dev/fd/${PRESET_FD}`] : []),
      parsed.href,
    ],
    preset: preset.map(line => `${line}\n`).join(''),
    secrets,
    peer: parsed.hostname,
    delivered: SOME_BYTES,
  }
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    throw new VistterError('OUTPUT_UNSUPPORTED', 'The address is not one of a local file.')
  }
}

function freeName(wanted: string): string {
  const extension = extname(wanted)
  const stem = wanted.slice(0, wanted.length - extension.length)
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${stem}-${n}${extension}`
    if (!existsSync(name)) return name
  }
}
