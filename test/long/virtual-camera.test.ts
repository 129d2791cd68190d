import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONTENT_SECONDS, testContent } from '../peers/content.ts'
import { counters, decodeErrors, lipSync, probe } from '../peers/media.ts'
import { run, scratch } from '../peers/run.ts'
import { VirtualCamera } from '../peers/virtual-camera.ts'

/** Our own camera, judged by FFmpeg: the demo stands on it. */
describe('the virtual camera', () => {
  const folder = scratch('virtual-camera')
  const login = { username: 'demo', password: 'p@ss word' }
  let camera: VirtualCamera
  beforeAll(async () => {
    camera = new VirtualCamera(await testContent('small'), login)
    await camera.start()
  })
  afterAll(async () => {
    await camera.stop()
    folder.remove()
  })

  const pull = (credentials: string, seconds: number, file: string) => {
    const url = camera.url.replace('//', `//${credentials}`)
    const input = ['-rtsp_transport', 'tcp', '-i', url, '-t', String(seconds)]
    return run('ffmpeg', ['-loglevel', 'error', '-nostdin', ...input, '-c', 'copy', join(folder.path, file)])
  }

  test('goes on past the end of its content: no picture lost, none twice, sound in step', async () => {
    await pull('demo:p%40ss%20word@', CONTENT_SECONDS + 3, 'long.mkv')
    const file = join(folder.path, 'long.mkv')
    const numbers = await counters(file)
    const loop = CONTENT_SECONDS * 30
    expect(numbers.length).toBeGreaterThanOrEqual(loop + 85)
    expect(numbers.slice(1).filter((number, n) => number !== ((numbers[n] ?? 0) + 1) % loop)).toEqual([])
    expect(await decodeErrors(file)).toBe('')
    expect(await probe(file)).toMatchObject({ video: { codec: 'h264' }, audio: { codec: 'aac', channels: 2 } })
    for (const apart of await lipSync(file)) expect(Math.abs(apart)).toBeLessThan(2)
  })

  test('lets nobody in without the password, or with a wrong one', async () => {
    await expect(pull('', 1, 'none.mkv')).rejects.toThrow('401')
    await expect(pull('demo:wrong@', 1, 'wrong.mkv')).rejects.toThrow('401')
  })
})
