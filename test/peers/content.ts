import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '../../runtime/lib/ids.ts'
import { run } from './run.ts'

/**
 * What a virtual camera shows, as elementary streams: H.264 (Annex B, one access unit delimiter a picture, no B pictures,
 * a keyframe each second) and AAC-LC (ADTS, 48 kHz stereo). It is 16 s long because then 480 pictures at 30 Hz and
 * 750 AAC frames end at the same moment, so a loop drifts by nothing.
 */
export interface Content {
  video: string
  audio: string
  fps: number
  /** AAC frames at the start of the file that hold only the encoder's priming and are not sent. */
  primingFrames: number
  audioFrames: number
}

export const CONTENT_SECONDS = 16
/** Pictures are numbered by a row of black and white blocks in the top left half: block k is white when bit k is set. */
export const BARCODE_BITS = 16

const SIZES = { full: [1920, 1080], small: [640, 360] } as const
const FPS = 30
const cache = join(import.meta.dirname, '..', '..', '.setup', 'media')

/**
 * A moving test picture with a barcode of the picture's number, a white flash of 0.1 s at the bottom right each second,
 * and a beep of 0.1 s at the same time over a quiet tone. Made once, then kept.
 */
export async function testContent(size: keyof typeof SIZES = 'full', fps = FPS): Promise<Content> {
  const [width, height] = SIZES[size]
  const picture = [
    `testsrc2=size=${width}x${height}:rate=${fps}`,
    'drawbox=x=0:y=0:w=iw/2:h=ih/18:color=black:t=fill',
    ...Array.from(
      { length: BARCODE_BITS },
      (_, bit) => `drawbox=x=iw/32*${bit}:y=0:w=iw/32:h=ih/18:color=white:t=fill:enable='gt(bitand(n,${2 ** bit}),0)'`,
    ),
    'drawbox=x=iw*7/8:y=ih*7/8:w=iw/8:h=ih/8:color=black:t=fill',
    `drawbox=x=iw*7/8:y=ih*7/8:w=iw/8:h=ih/8:color=white:t=fill:enable='lt(mod(n,${fps}),${fps / 10})'`,
  ].join(',')
  const sound = 'aevalsrc=0.04*sin(2*PI*440*t)+0.6*sin(2*PI*1000*t)*lt(mod(t\\,1)\\,0.1):sample_rate=48000'
  return encodeContent({
    name: fps === FPS ? `test-${size}` : `test-${size}-${fps}`,
    picture: ['-f', 'lavfi', '-i', picture],
    sound: ['-f', 'lavfi', '-i', sound],
    rate: '4M',
    fps,
  })
}

/** The test picture as a sensor that hangs shows it: one picture for ever, coded anew each time. */
export const stillContent = (size: keyof typeof SIZES): Promise<Content> => {
  const [width, height] = SIZES[size]
  const picture = `testsrc2=size=${width}x${height}:rate=${FPS},select=eq(n\\,20),loop=-1:1,setpts=N/${FPS}/TB`
  return encodeContent({ name: `still-${size}`, picture: ['-f', 'lavfi', '-i', picture], sound: QUIET, rate: '4M' })
}

/** A covered lens: black with the noise of a sensor. */
export const blackContent = (size: keyof typeof SIZES): Promise<Content> => {
  const [width, height] = SIZES[size]
  const picture = `color=black:size=${width}x${height}:rate=${FPS},noise=alls=6:allf=t`
  return encodeContent({ name: `black-${size}`, picture: ['-f', 'lavfi', '-i', picture], sound: QUIET, rate: '2M' })
}

const QUIET = ['-f', 'lavfi', '-i', 'anullsrc=sample_rate=48000']

export interface Recipe {
  name: string
  /** FFmpeg's input options for the picture (`fps` a second, 30 where left out) and the sound. */
  picture: string[]
  sound: string[]
  /** Bits a second of the picture, as FFmpeg writes it: `4M`. */
  rate: string
  /** What a picture input reads from standard input, if it does. */
  frames?: () => Iterable<Buffer>
  fps?: number
}

/** Encodes camera content, unless it is there already. */
export async function encodeContent({ name, picture, sound, rate, frames, fps = FPS }: Recipe): Promise<Content> {
  const folder = join(cache, `${name}-v1`)
  if (!existsSync(folder)) {
    const making = `${folder}.${newId()}`
    mkdirSync(making, { recursive: true })
    const x264 = `-c:v libx264 -preset superfast -profile:v high -pix_fmt yuv420p -bf 0 -g ${fps} -sc_threshold 0`
    const limits = `-b:v ${rate} -maxrate ${rate} -bufsize ${rate} -bsf:v h264_metadata=aud=insert`
    const aac = `-c:a aac -b:a 128k -ac 2 -ar 48000`
    await run(
      'ffmpeg',
      [
        ...[...words('-hide_banner -loglevel error'), ...(frames ? [] : ['-nostdin']), ...picture, ...sound],
        ...words(`-map 0:v -t ${CONTENT_SECONDS} ${x264} ${limits} -f h264`),
        join(making, 'video.h264'),
        ...words(`-map 1:a -t ${CONTENT_SECONDS + 0.1} ${aac} -f adts`),
        join(making, 'audio.aac'),
      ],
      300_000,
      frames?.(),
    )
    // Several test files may make it at once: the first rename wins, and the others' is the same.
    if (existsSync(folder)) rmSync(making, { recursive: true })
    else renameSync(making, folder)
  }
  return {
    video: join(folder, 'video.h264'),
    audio: join(folder, 'audio.aac'),
    fps,
    primingFrames: 1,
    audioFrames: (CONTENT_SECONDS * 48_000) / 1_024,
  }
}

const words = (text: string) => text.split(' ')
