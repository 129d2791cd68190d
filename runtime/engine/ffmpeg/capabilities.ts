import ffmpeg from 'fluent-ffmpeg'

/** What the appliance cannot do without, and what each is for. */
const NEEDED = {
  encoders: ['libx264', 'aac'],
  formats: ['nut', 'matroska', 'flv', 'concat', 'rtsp'],
  filters: ['scale', 'pad'],
}

/** Names of what the installed FFmpeg lacks of what the appliance needs; empty when all is there. */
export async function missingFromFfmpeg(): Promise<string[]> {
  const [encoders, formats, filters] = await Promise.all([
    ask(ffmpeg.getAvailableEncoders),
    ask(ffmpeg.getAvailableFormats),
    ask(ffmpeg.getAvailableFilters),
  ])
  return [
    ...NEEDED.encoders.filter(name => !encoders.has(name)),
    ...NEEDED.formats.filter(name => !formats.has(name)),
    ...NEEDED.filters.filter(name => !filters.has(name)),
  ]
}

/** FFmpeg lists aliases as one name with commas (`matroska,webm`). No FFmpeg at all reads as an empty list. */
function ask(
  query: (done: (error: Error | null, found: Record<string, unknown>) => void) => void,
): Promise<Set<string>> {
  return new Promise(resolve =>
    query((error, found) => resolve(new Set(error ? [] : Object.keys(found).flatMap(name => name.split(','))))),
  )
}
