import ffmpeg from 'fluent-ffmpeg'

/**
 * How long the first sound of an MP4 file is (s): its decoder also gives the padding of the last packet, which only the
 * container knows. Undefined for others, whose decoders leave it out themselves, and where it is not said.
 */
export function soundLength(file: string): Promise<number | undefined> {
  return new Promise(resolve =>
    ffmpeg.ffprobe(file, (_error, found) => {
      const length = Number(found?.streams.find(stream => stream.codec_type === 'audio')?.duration)
      resolve(found?.format.format_name?.includes('mp4') && length > 0 ? length : undefined)
    }),
  )
}
