import ffmpeg from 'fluent-ffmpeg'

export interface SoundLength {
  /** Where it is known. */
  seconds?: number
  /** It comes from a container that alone knows the padding of the last packet, which a decoder gives as well. */
  padded: boolean
}

/** How long the first sound of a file is; undefined where there is none. MP4 is padded, other decoders leave padding out. */
export function soundLength(file: string): Promise<SoundLength | undefined> {
  return new Promise(resolve =>
    ffmpeg.ffprobe(file, (_error, found) => {
      const sound = found?.streams.find(stream => stream.codec_type === 'audio')
      if (!sound) return resolve(undefined)
      const own = Number(sound.duration)
      const seconds = own > 0 ? own : Number(found.format.duration)
      const padded = own > 0 && found.format.format_name?.includes('mp4') === true
      resolve({ padded, ...(seconds > 0 && { seconds }) })
    }),
  )
}
