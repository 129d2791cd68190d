import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem, Program, ProgramSound, SoundAsset } from '../../runtime/contract/generated/openapi.v1.ts'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { programFile } from '../../runtime/lib/project.ts'
import { Control } from '../peers/control.ts'
import { run, scratch, until } from '../peers/run.ts'

/** Bed, mute and loudness of a program through the API of a real control, with a real engine under it. */
const folder = scratch('program-sound')
const control = new Control(join(folder.path, 'data'))
let engine: ChildProcess
let cookie: string
let wav: Buffer

const ask = <Body>(method: string, path: string, body?: unknown) => control.ask<Body>({ method, path, body, cookie })
const sound = async () => (await ask<ProgramSound>('GET', '/program/sound')).body
const patch = (body: object) => ask<ProgramSound & Problem>('PATCH', '/program/sound', body)
const level = async () => (await ask<Program>('GET', '/program')).body.sound

beforeAll(async () => {
  const env = { ...process.env, VISTTER_DATA: control.paths.data, VISTTER_LOG_LEVEL: process.env.TEST_LOG ?? 'silent' }
  engine = spawnOwned(process.execPath, [programFile('runtime/engine/main')], { env, stdio: 'inherit' })
  const tone = 'aevalsrc=0.5*sin(2*PI*480*t)|0.5*sin(2*PI*480*t):s=48000:d=0.5'
  const file = join(folder.path, 'tone.wav')
  await Promise.all([control.start(), run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', tone, file])])
  wav = readFileSync(file)
  await control.setUp()
  cookie = await control.signIn()
  await until('the program runs', async () => (await ask('GET', '/program')).status === 200)
})
afterAll(async () => {
  await control.stop()
  engine.kill()
  await once(engine, 'exit')
  folder.remove()
})

test('a sound file is uploaded, and is what it says', async () => {
  const added = await ask<SoundAsset>('POST', '/assets?name=tone', wav)
  expect(added).toMatchObject({ status: 201, body: { name: 'tone', mediaType: 'audio/wav', bytes: wav.length } })
  expect(readFileSync(join(control.paths.assets, added.body.sha256))).toEqual(wav)
  expect((await ask<SoundAsset[]>('GET', '/assets')).body).toEqual([added.body])
  const headers = { 'content-type': 'audio/wav' }
  const again = { method: 'POST', path: '/assets?name=again', body: wav, cookie, headers }
  const { id } = (await control.ask<SoundAsset>(again)).body
  expect((await ask('DELETE', `/assets/${id}`)).status).toBe(204)
  expect(existsSync(join(control.paths.assets, added.body.sha256))).toBe(true)
  for (const [query, content, status, code] of [
    ['?name=tone', wav, 409, 'CONFLICT'],
    ['?name=page', Buffer.from('<html>no sound</html>'), 422, 'SOUND_UNREADABLE'],
    ['', wav, 400, 'BAD_REQUEST'],
    ['?name=none', Buffer.alloc(0), 422, 'SOUND_UNREADABLE'],
  ] as const)
    expect((await ask<Problem>('POST', `/assets${query}`, content)).body).toMatchObject({ status, code })
})

test('a bed plays at its level, is muted and louder again, and what is wrong changes nothing', async () => {
  expect(await sound()).toEqual({ mute: false, bed: null, loudness: null })
  const chosen = await patch({ bed: { asset: 'tone', gain: -6 } })
  const [{ id }] = (await ask<SoundAsset[]>('GET', '/assets')).body
  expect(chosen.body).toMatchObject({ bed: { asset: id, gain: -6, mute: false, ducking: 0 } })
  await until('it plays', async () => (await sound()).bed?.playing)
  await until('at -12 dBFS', async () => (await level())?.peak === -12)
  for (const [body, code] of [
    [{ bed: { asset: 'nothing' } }, 'UNKNOWN_REFERENCE'],
    [{ bed: { asset: '/etc/passwd' } }, 'UNKNOWN_REFERENCE'],
    [{ bed: { gain: 21 } }, 'BAD_REQUEST'],
    [{ loud: true }, 'BAD_REQUEST'],
    [{ loudness: -3 }, 'BAD_REQUEST'],
  ] as const)
    expect((await patch(body)).body).toMatchObject({ code })
  expect((await ask<Problem>('PATCH', '/programs/none/sound', {})).status).toBe(404)
  await patch({ bed: { gain: -20 } })
  await until('at -26 dBFS', async () => (await level())?.peak === -26)
  await patch({ mute: true })
  await until('silence', async () => (await level())?.peak === -70)
  await patch({ mute: null, loudness: -16 })
  await until('at -16 LUFS', async () => Math.abs(((await level())?.momentary ?? 0) + 16) < 1)
  expect((await ask<Problem>('DELETE', `/assets/${id}`)).body).toMatchObject({ code: 'CONFLICT' })
})

test('all of it is kept over a restart of control, and the engine is told nothing new', async () => {
  const before = await sound()
  await control.stop()
  await control.start()
  await until('the engine is there', async () => (await sound()).bed?.playing)
  expect(await sound()).toEqual(before)
  expect((await level())?.peak).toBeGreaterThan(-70)
})

test('null gives it back; then the file may go', async () => {
  const { body } = await patch({ bed: null, loudness: null })
  expect(body).toEqual({ mute: false, bed: null, loudness: null })
  const [{ id, sha256 }] = (await ask<SoundAsset[]>('GET', '/assets')).body
  expect((await ask('DELETE', `/assets/${id}`)).status).toBe(204)
  expect(existsSync(join(control.paths.assets, sha256))).toBe(false)
  await until('silence', async () => (await level())?.peak === -70)
})
