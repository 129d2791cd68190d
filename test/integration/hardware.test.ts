import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Hardware } from '../../runtime/engine/encode/hardware.ts'
import { trialArgs } from '../../runtime/engine/ffmpeg/encoder-command.ts'
import { HARDWARE_ENCODERS } from '../../runtime/engine/ffmpeg/h264.ts'
import { ffmpegOnce, type Ran } from '../../runtime/engine/ffmpeg/once.ts'
import { scratch, until } from '../peers/run.ts'

const log = { info: () => {} }
const rate = { num: 30, den: 1 }
const profile = { width: 1280, height: 720, fps: 30, videoBitrate: 2_500, audioBitrate: 128, keyframeInterval: 1 }
const software = trialArgs(profile, rate, { encoder: 'libx264', preset: 'ultrafast' })

test('what this machine lacks is found missing by trying, with the reason, and software is left', async () => {
  const hardware = new Hardware(log)
  hardware.start()
  const found = await hardware.encoders()
  expect(found.at(-1)).toBe('libx264')
  // A show waits for the trials only so long; on a busy machine they go on.
  const { encoders, decoders } = await until('all are tried', () => hardware.state)
  for (const { works, why } of [...encoders, ...decoders]) expect(works || why).toBeTruthy()
  expect(encoders.map(({ name }) => name)).toEqual([...HARDWARE_ENCODERS])
})

test('only an encoder whose stream is whole counts, in the order of preference', async () => {
  const real = await ffmpegOnce(software, { timeoutMs: 20_000 })
  expect(real.ok).toBe(true)
  const refusal: Ran = { ok: false, out: Buffer.alloc(0), said: '', why: 'no such device' }
  const answers: Record<string, Ran> = {
    h264_nvenc: { ...real, out: real.out.subarray(0, real.out.length / 3) },
    h264_qsv: { ...real, out: Buffer.from('not FLV at all') },
    h264_vaapi: real,
    h264_v4l2m2m: refusal,
  }
  const hardware = new Hardware(log, async args => answers[args.find(arg => arg in answers) ?? ''] ?? refusal)
  expect(await hardware.encoders()).toEqual(['h264_vaapi', 'libx264'])
})

test('a driver that hangs does not hold up the show', async () => {
  const hardware = new Hardware(log, () => new Promise(() => {}))
  hardware.start()
  expect(await hardware.encoders()).toEqual(['libx264'])
})

test('what was found is kept for the successor of an engine that crashes, not after an orderly end', async () => {
  const folder = scratch('hardware')
  try {
    const file = join(folder.path, 'hardware.json')
    let trials = 0
    const refuse = async (): Promise<Ran> => {
      trials++
      return { ok: false, out: Buffer.alloc(0), said: '', why: 'no such device' }
    }
    const life = async () => {
      const hardware = new Hardware(log, refuse, file)
      hardware.start()
      await hardware.encoders()
      return hardware
    }
    const crashed = await life()
    const tried = trials
    expect(tried).toBeGreaterThan(0)
    const successor = await life()
    expect(trials).toBe(tried)
    expect(successor.state).toEqual(crashed.state)
    successor.stop()
    await life()
    expect(trials).toBe(tried * 2)
    // Another start of the machine, or half a file.
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"boot":"[^"]*"/, '"boot":"another"'))
    await life()
    writeFileSync(file, '{"boot"')
    await life()
    expect(trials).toBe(tried * 4)
  } finally {
    folder.remove()
  }
})
