import { describe, expect, test } from 'vitest'
import { encoderProfile } from '../../runtime/control/destinations/profile.ts'
import { presetFor } from '../../runtime/engine/encode/preset.ts'
import { decodeIn, decodeTrialArgs, HARDWARE_DECODERS } from '../../runtime/engine/ffmpeg/decoders.ts'
import { encoderArgs, trialArgs } from '../../runtime/engine/ffmpeg/encoder-command.ts'
import { type H264Encoder, HARDWARE_ENCODERS } from '../../runtime/engine/ffmpeg/h264.ts'

const rate = { num: 30, den: 1 }
const picture = { width: 1920, height: 1080, frameRate: rate }
const profile = { width: 1920, height: 1080, fps: 30, videoBitrate: 4_500, audioBitrate: 128, keyframeInterval: 2 }
const software = { encoder: 'libx264', preset: 'veryfast' } as const
const line = (encoder: H264Encoder, wanted = {}) =>
  encoderArgs({ ...profile, ...wanted }, picture, rate, { ...software, encoder }).join(' ')

const QUIET = '-hide_banner -nostdin -nostats '
const INPUT = '-copyts -probesize 32 -analyzeduration 0 -f matroska -i pipe:3 -map 0:v -map 0:a '
const RATE = '-b:v 4500k -maxrate 4500k -bufsize 9000k -g 60'
const REST =
  ' -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv ' +
  '-c:a aac -b:a 128k -ar 48000 -ac 2 -flvflags no_duration_filesize -f flv pipe:1'

describe('command lines of encoders', () => {
  test.each<[H264Encoder, string, string]>([
    [
      'libx264',
      '',
      '-fps_mode vfr -c:v libx264 -preset veryfast -tune zerolatency -profile:v high -pix_fmt yuv420p ' +
        `${RATE} -sc_threshold 0`,
    ],
    [
      'h264_nvenc',
      '',
      '-fps_mode vfr -c:v h264_nvenc -preset p3 -tune ull -rc cbr -zerolatency 1 -delay 0 -no-scenecut 1 ' +
        `-forced-idr 1 -bf 0 -profile:v high -pix_fmt yuv420p ${RATE}`,
    ],
    [
      'h264_qsv',
      '',
      '-fps_mode vfr -c:v h264_qsv -preset veryfast -async_depth 1 -look_ahead 0 -bf 0 -idr_interval 0 ' +
        `-profile:v high -pix_fmt nv12 ${RATE}`,
    ],
    [
      'h264_vaapi',
      '-vaapi_device /dev/dri/renderD128 ',
      '-vf format=nv12,hwupload -fps_mode vfr -c:v h264_vaapi -async_depth 1 -bf 0 -idr_interval 0 ' +
        `-profile:v high ${RATE}`,
    ],
    ['h264_v4l2m2m', '', `-fps_mode vfr -c:v h264_v4l2m2m -pix_fmt yuv420p ${RATE} -bsf:v extract_extradata`],
  ])('%s', (encoder, global, video) => {
    expect(line(encoder)).toBe(`${QUIET}${global}${INPUT}${video}${REST}`)
  })

  test('a profile says preset, H.264 profile and level', () => {
    const wanted = { h264Profile: 'main', level: '4.1' } as const
    expect(line('libx264', wanted)).toContain('-profile:v main ')
    expect(line('libx264', wanted)).toContain('-g 60 -level:v 4.1 ')
    expect(line('h264_vaapi', { h264Profile: 'baseline' })).toContain('-profile:v constrained_baseline ')
    expect(presetFor({ ...profile, preset: 'medium' })).toBe('medium')
  })

  test('scales only when it must, before the upload, and counts its keyframes in its own rate', () => {
    const half = { ...profile, width: 1280, height: 720 }
    const args = encoderArgs(half, picture, { num: 60_000, den: 2_002 }, { ...software, encoder: 'h264_vaapi' }).join(
      ' ',
    )
    expect(args).toContain('-vf scale=1280:720:flags=bilinear,setsar=1,format=nv12,hwupload ')
    expect(args).toContain('-g 60 ')
  })

  test('a trial encodes with the very options of a show', () => {
    for (const encoder of HARDWARE_ENCODERS) {
      const options = (args: string[]) => args.slice(args.indexOf('-fps_mode'))
      const trial = trialArgs(profile, rate, { ...software, encoder })
      expect(options(trial)).toEqual(options(encoderArgs(profile, picture, rate, { ...software, encoder })))
    }
  })

  test('a decoder is tried without its silent way back to software', () => {
    expect(decodeTrialArgs('vaapi').join(' ')).toBe(
      '-hide_banner -nostats -hwaccel vaapi -hwaccel_output_format vaapi -f h264 -i pipe:0 ' +
        '-vf hwdownload,format=nv12 -f null -',
    )
    for (const decoder of HARDWARE_DECODERS)
      expect(decodeTrialArgs(decoder).join(' ')).toContain(decodeIn(decoder).join(' '))
  })
})

describe('profiles', () => {
  test('1080p60 gets the fastest preset', () => {
    expect(presetFor(profile)).toBe('veryfast')
    expect(presetFor({ ...profile, fps: 60 })).toBe('ultrafast')
  })

  test('a measured machine decides by what it can do', () => {
    const slow = { key: 'slow', cores: 2, encode: { ultrafast: 120, superfast: 90, veryfast: 60 }, decode: 200 }
    const fast = { key: 'fast', cores: 8, encode: { ultrafast: 300, superfast: 200, veryfast: 150 }, decode: 500 }
    expect(presetFor(profile, slow)).toBe('superfast')
    expect(presetFor({ ...profile, fps: 60 }, slow)).toBe('ultrafast')
    expect(presetFor({ ...profile, fps: 60 }, fast)).toBe('veryfast')
    expect(presetFor({ ...profile, preset: 'medium' }, slow)).toBe('medium')
  })

  test('what means the same is the same', () => {
    expect(encoderProfile({ ...profile, preset: 'auto', h264Profile: 'high', level: 'auto' })).toEqual(profile)
    const special = { ...profile, preset: 'fast', h264Profile: 'main', level: '4.0' } as const
    expect(encoderProfile(special)).toEqual(special)
  })
})
