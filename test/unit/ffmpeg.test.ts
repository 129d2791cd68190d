import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missingFromFfmpeg } from '../../runtime/engine/ffmpeg/capabilities.ts'
import {
  cameraAddress,
  cameraInput,
  clipInput,
  fitFilter,
  ingestArgs,
  isCameraUrl,
  secretsOf,
} from '../../runtime/engine/ffmpeg/command.ts'
import { ffmpegOnce } from '../../runtime/engine/ffmpeg/once.ts'
import { FfmpegReport, parseVideoStream } from '../../runtime/engine/ffmpeg/stderr.ts'

const picture = { width: 1920, height: 1080, frameRate: { num: 30, den: 1 } }
const plain = { thorough: false, silent: false, bt601: false }
const login = { url: 'rtsp://10.0.0.5:554/h264?channel=1', username: 'admin', password: "p@s/w'o#r?d% &x" }

describe('command lines', () => {
  test('a camera', () => {
    const script = cameraAddress(login, plain)
    expect(ingestArgs(cameraInput(script), picture, plain).join(' ')).toBe(
      '-hide_banner -nostdin -nostats -f concat -safe 0 -protocol_whitelist pipe,crypto,data,rtsp,rtp,tcp,udp ' +
        '-flags low_delay -probesize 32k -i pipe:4 -map 0:v:0 -map 0:a:0? ' +
        `-vf ${fitFilter(picture, plain)} -c:v rawvideo -pix_fmt yuv420p -fps_mode passthrough ` +
        '-c:a pcm_s16le -ar 48000 -ac 2 -threads 1 -max_interleave_delta 20000 -max_muxing_queue_size 64 -f nut pipe:3',
    )
    expect(script.address).toBe(
      "ffconcat version 1.0\nfile 'rtsp://admin:p%40s%2Fw%27o%23r%3Fd%25%20%26x@10.0.0.5:554/h264?channel=1'\n" +
        'option rtsp_transport tcp\noption timeout 3000000\noption probesize 32k\n',
    )
  })

  test('a camera that announces its picture late, and one whose sound never comes', () => {
    expect(cameraAddress(login, { thorough: true }).address).toContain('option probesize 5000000')
    expect(ingestArgs([], picture, { ...plain, silent: true }).join(' ')).not.toContain('0:a')
  })

  test.each([
    ['cuda', '-hwaccel cuda -hwaccel_output_format cuda'],
    ['qsv', '-hwaccel qsv -hwaccel_output_format qsv'],
    ['vaapi', '-hwaccel vaapi -hwaccel_output_format vaapi'],
    ['drm', '-hwaccel drm -hwaccel_output_format drm_prime'],
  ] as const)('a camera that %s decodes, or nobody', (decoder, options) => {
    const line = ingestArgs(cameraInput(cameraAddress(login, plain)), picture, { ...plain, decoder }).join(' ')
    expect(line).toContain(`-nostats ${options} -f concat `)
    expect(line).toContain(` -vf hwdownload,format=nv12,${fitFilter(picture, plain)} -c:v rawvideo -pix_fmt yuv420p `)
    expect(ingestArgs([], picture, plain).join(' ')).not.toMatch(/hwaccel|hwdownload/)
  })

  test('keyframes only, and a picture that fills the frame', () => {
    expect(cameraInput(cameraAddress(login, plain), 4, true).slice(0, 4)).toEqual([
      '-skip_frame',
      'nokey',
      '-f',
      'concat',
    ])
    expect(fitFilter(picture, plain, 'crop')).toBe(
      'scale=w=max(1920\\,2*trunc(1080*dar/2+0.5)):h=max(1080\\,2*trunc(1920/dar/2+0.5)):flags=bilinear,' +
        'setsar=1,crop=1920:1080',
    )
  })

  test('a picture in the colours of SD television is converted, others are left alone', () => {
    expect(fitFilter(picture, { bt601: true })).toContain(':in_color_matrix=bt601:out_color_matrix=bt709,')
    expect(fitFilter(picture, plain)).not.toContain('matrix')
  })

  test('a clip', () => {
    expect(clipInput('/media/a b.mp4', true).join(' ')).toBe('-stream_loop -1 -re -thread_type slice -i /media/a b.mp4')
    expect(clipInput('/media/a.mp4', false).join(' ')).toBe('-re -thread_type slice -i /media/a.mp4')
  })

  test('any user name and password survive as they are, and never break the script', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (username, password) => {
        fc.pre(isWellFormed(username) && isWellFormed(password))
        const { address } = cameraAddress({ url: 'rtsp://cam/live', username, password }, plain)
        const lines = address.split('\n')
        expect(lines).toHaveLength(6)
        const quoted = /^file '([^']*)'$/.exec(lines[1])?.[1] ?? ''
        const [user, secret] = (/^rtsp:\/\/([^@]*)@cam\/live$/.exec(quoted)?.[1] ?? '').split(':')
        expect([user, secret].map(decodeURIComponent)).toEqual([username, password])
      }),
    )
  })

  test('what is not a camera address', () => {
    expect(['rtsp://a/b', 'rtmp://a/b', 'https://a/b', 'http://a:8080/x.ts'].every(isCameraUrl)).toBe(true)
    expect(['', 'camera', 'file:///etc/passwd', 'concat:a', '/dev/video0', 'ftp://a/b'].some(isCameraUrl)).toBe(false)
  })
})

const isWellFormed = (text: string): boolean => text.isWellFormed()

describe('what FFmpeg says', () => {
  test.each([
    [
      '  Stream #0:0: Video: h264 (High), yuv420p(progressive), 1920x1080 [SAR 1:1 DAR 16:9], 30 fps, 30 tbr, 90k tbn',
      'h264',
      1920,
      1080,
      30,
    ],
    ['  Stream #0:0: Video: h264 (High), yuv420p(tv, bt709), 640x360, 29.97 tbr, 90k tbn', 'h264', 640, 360, 29.97],
    [
      '    Stream #0:0(und): Video: hevc (Main) (hvc1 / 0x31637668), yuv420p(tv), 3840x2160, 12 fps, 90k tbn',
      'hevc',
      3840,
      2160,
      12,
    ],
    [
      '  Stream #0:1[0x100]: Video: mjpeg (Baseline), yuvj422p(pc, bt470bg/unknown/unknown), 1280x720, 25 tbr',
      'mjpeg',
      1280,
      720,
      25,
    ],
  ])('%s', (line, codec, width, height, fps) => expect(parseVideoStream(line)).toEqual({ codec, width, height, fps }))

  test.each([
    ['yuvj422p(pc, bt470bg/unknown/unknown)', true],
    ['yuv420p(tv, smpte170m, progressive)', true],
    ['yuv420p(tv, smpte170m)', true],
    ['yuv420p(tv, bt709, progressive)', false],
    ['yuv420p(progressive)', false],
  ])('the colours of %s', (format, bt601) => {
    const report = new FfmpegReport()
    report.push(`  Stream #0:0: Video: h264 (High), ${format}, 640x480, 25 fps\n`)
    expect(report.bt601).toBe(bt601)
  })

  test('sound and the output are not taken for the picture', () => {
    const report = new FfmpegReport()
    report.push(
      'Input #0\n  Stream #0:0: Audio: aac, 48000 Hz\nOutput #0, nut\n  Stream #0:0: Video: rawvideo, yuv420p, 64x36, 30 fps\n',
    )
    expect(report.hasAudio).toBe(true)
    expect(report.video).toBeUndefined()
  })

  test.each([
    ['an address that ends in ?h264', { url: 'rtsp://cam/x?h264', password: '' }],
    ['the password Video', { url: 'rtsp://cam/x', password: 'Video' }],
    ['the password 1', { url: 'rtsp://cam/x', password: '1' }],
  ])('%s hides no word that tells of the picture', (_, camera) => {
    const report = new FfmpegReport(secretsOf(camera))
    report.push('  Stream #0:1: Video: h264 (High), yuv420p(tv, smpte170m), 1920x1080, 11 fps\n')
    expect(report.video).toEqual({ codec: 'h264', width: 1920, height: 1080, fps: 11 })
    expect(report.bt601).toBe(true)
    expect(report.text).toContain('***')
  })

  test('no secret gets through, even in pieces; only the last lines stay', () => {
    const report = new FfmpegReport(secretsOf(login))
    const text = `Impossible to open '${login.url.replace('//', `//admin:${encodeURIComponent('hidden')}@`)}'\n`
    for (const letter of text) report.push(letter)
    report.push(`what ${login.password} is, and p%40s%2Fw%27o%23r%3Fd%25%20%26x, and channel=1`)
    expect(report.text).not.toMatch(/hidden|p@s|p%40s|channel=1/)
    for (let i = 0; i < 100; i++) report.push(`line ${i}\r`)
    expect(report.lines).toHaveLength(20)
    expect(report.lines.at(-1)).toBe('line 99')
    report.push('x'.repeat(100_000))
    expect(report.text.length).toBeLessThan(10_000)
  })
})

test('the installed FFmpeg has all that the appliance needs', async () => {
  expect(await missingFromFfmpeg()).toEqual([])
})

test('one that nobody needs any more ends at once, also when that is known before it begins', async () => {
  const minute = ['-nostdin', '-re', '-f', 'lavfi', '-i', 'anullsrc', '-t', '60', '-f', 'null', '-']
  for (const afterMs of [0, 100, 1_000]) {
    const stopping = new AbortController()
    if (afterMs === 0) stopping.abort()
    else setTimeout(() => stopping.abort(), afterMs)
    expect(await ffmpegOnce(minute, { timeoutMs: 15_000, signal: stopping.signal })).toMatchObject({
      ok: false,
      why: expect.stringContaining('SIGKILL'),
    })
  }
})
