import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { pieceName } from '../../runtime/engine/outputs/record/piece-name.ts'
import { TsMux } from '../../runtime/engine/outputs/record/ts-mux.ts'
import { encodedTags } from '../peers/flv-tags.ts'
import { decodeErrors, packets, probe } from '../peers/media.ts'
import { scratch } from '../peers/run.ts'

const SECONDS = 3
const folder = scratch('mux')
let tags: FlvTag[]

beforeAll(async () => {
  tags = await encodedTags(SECONDS)
})
afterAll(() => folder.remove())

function muxed(name: string, shift = 0): string {
  const mux = new TsMux()
  const bytes = tags.flatMap(tag => mux.bytes({ ...tag, timestamp: tag.timestamp + shift }) ?? [])
  const file = join(folder.path, name)
  writeFileSync(file, Buffer.concat([mux.tables(), ...bytes]))
  return file
}

describe('FLV tags as a transport stream', () => {
  test('every picture and sound arrives, whole and at its time', async () => {
    const file = muxed('whole.ts')
    expect(await probe(file)).toMatchObject({
      video: { codec: 'h264', width: 320, height: 180 },
      audio: { codec: 'aac' },
    })
    const media = (kind: string) => tags.filter(tag => tag.kind === kind && !tag.header)
    for (const [stream, kind] of [
      ['v', 'video'],
      ['a', 'audio'],
    ] as const) {
      const times = (await packets(file, stream)).map(({ dts }) => dts)
      const wanted = media(kind).map(({ timestamp }) => timestamp)
      expect(times).toHaveLength(wanted.length)
      const [first = 0] = times
      const [begin = 0] = wanted
      times.forEach((time, n) => {
        expect(Math.abs(time - first - ((wanted[n] ?? 0) - begin))).toBeLessThan(0.1)
      })
    }
    expect(await decodeErrors(file)).toBe('')
  })

  test('time goes on across the turn of the 33-bit clock', async () => {
    const turn = Math.floor(2 ** 33 / 90)
    const file = muxed('turn.ts', turn - 2_500)
    expect(await packets(file, 'v')).toHaveLength(SECONDS * 30)
    expect(await decodeErrors(file)).toBe('')
  })
})

test('names of pieces in order are pieces in order', () => {
  const begun = Date.UTC(2026, 2, 1, 12, 0, 0, 250)
  expect(pieceName(begun, 'main')).toBe('20260301T120000250Z-main.ts')
  expect(pieceName(begun, '../up')).toBe('20260301T120000250Z-___up.ts')
  expect(pieceName(begun + 1, 'a') > pieceName(begun, 'z')).toBe(true)
})
