import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { NewEvent } from '../../runtime/control/ports.ts'
import type { Finished } from '../../runtime/control/recordings/upload/finished.ts'
import type { Target } from '../../runtime/control/recordings/upload/target.ts'
import { Uploads } from '../../runtime/control/recordings/upload/uploads.ts'
import { openStore } from '../../runtime/control/store/open.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { scratch, until } from '../peers/run.ts'
import { ACCOUNT, S3Store } from '../peers/s3.ts'
import { LOGIN, WebDav } from '../peers/webdav.ts'
import { Wire } from '../peers/wire.ts'

/** Slow (kbit/s) enough for everything that happens in the middle of what is not small. */
const SLOW = 400
const FAST = 1_000_000
const undo: (() => unknown)[] = []
const dav = new WebDav()

beforeAll(() => dav.start())
afterAll(() => dav.remove())
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** Finished recordings on the disk, a database for what was acknowledged, and a clock that the test may set. */
async function site(first: Partial<Target>) {
  const folder = scratch('upload')
  const sql = await openStore(join(folder.path, 'vistter.db'), systemClock)
  undo.push(
    () => folder.remove(),
    () => sql.close(),
  )
  const finished: Finished[] = []
  const events: NewEvent[] = []
  const now = { shift: 0, timezone: 'Europe/Rome' }
  const target: Target = { kind: 'put', url: dav.url, ...LOGIN, maxKbits: FAST, deleteAfter: false, ...first }
  const deps = {
    sql,
    clock: { now: () => Date.now() + now.shift, mono: systemClock.mono },
    log: createLog('control', 'silent'),
    settings: () => ({ target: { ...target }, proxy: undefined, timezone: now.timezone }),
    finished: () => finished,
    discard: async (id: string) =>
      void finished.splice(
        finished.findIndex(each => each.id === id),
        1,
      ),
    record: (event: NewEvent) => events.push(event),
    touched: () => {},
  }
  const uploads = new Uploads(deps)
  undo.push(() => uploads.stop())

  /** Random pieces, all distinct, last written to a minute ago. */
  function record(id: string, sizes: number[]) {
    const own = join(folder.path, id)
    mkdirSync(own)
    const pieces = sizes.map((size, n) => {
      const name = `20260301T12000${n}000Z-main.ts`
      const bytes = randomBytes(size)
      writeFileSync(join(own, name), bytes)
      utimesSync(join(own, name), Date.now() / 1_000 - 60, Date.now() / 1_000 - 60)
      return { name: `${id}/${name}`, path: join(own, name), bytes }
    })
    const times = { startedAt: Date.now() - 120_000, endedAt: Date.now() - 60_000 }
    finished.push({ id, name: `Show ${id}`, program: 'main', ...times, pieces: sizes.length, folder: own })
    return pieces
  }

  const of = (id: string) => uploads.of(finished.find(each => each.id === id) ?? { id, pieces: 0 })
  const uploaded = (id: string) => until(`${id} is uploaded`, () => of(id)?.status === 'uploaded')
  return { uploads, target, now, events, finished, record, of, uploaded, deps }
}

/** What it has acknowledged below a name, once the whole is told in its log. */
const acknowledged = (id: string) =>
  until('it is in the log', () => {
    const files = dav.acknowledged().filter(name => name.startsWith(`${id}/`))
    return files.includes(`${id}/recording.json`) && files
  })

describe('finished recordings are uploaded', () => {
  it('oldest first, byte for byte, and a description of the whole comes last', async () => {
    const { uploads, record, of, uploaded, events } = await site({})
    const pieces = [...record('A1', [300_000, 1, 0, 200_000]), ...record('A2', [70_000])]
    await uploads.start()
    await Promise.all([uploaded('A1'), uploaded('A2')])
    const files = pieces.map(({ name }) => name)
    expect([...(await acknowledged('A1')), ...(await acknowledged('A2'))]).toEqual([
      ...[...files.slice(0, 4), 'A1/recording.json'],
      ...[...files.slice(4), 'A2/recording.json'],
    ])
    const whole = dav.acknowledged().filter(name => name.endsWith('.json'))
    expect(whole).toEqual(['A1/recording.json', 'A2/recording.json'])
    for (const { name, bytes } of pieces) expect(dav.read(name)?.equals(bytes), name).toBe(true)
    const { id, name, pieces: listed } = JSON.parse(String(dav.read('A1/recording.json')))
    expect({ id, name }).toEqual({ id: 'A1', name: 'Show A1' })
    expect(listed.map(({ bytes }: { bytes: number }) => bytes)).toEqual([300_000, 1, 0, 200_000])
    expect(of('A1')).toEqual({ status: 'uploaded', sent: 4, of: 4 })
    expect(events.map(({ type }) => type)).toEqual(['recording.uploaded', 'recording.uploaded'])
  })

  it('to an S3-compatible store, with a signature that it checks', async () => {
    const store = new S3Store()
    const url = await store.start()
    undo.push(() => store.remove())
    const { uploads, target, record, of, uploaded } = await site({
      kind: 's3',
      url: `${url}/pier-7/`,
      ...ACCOUNT,
      password: 'wrong',
    })
    const [piece] = record('B1', [250_000])
    await uploads.start()
    const failed = await until('it is refused', () => of('B1')?.error)
    expect(failed).toMatchObject({ code: 'UPLOAD_REFUSED', detail: expect.stringContaining('SignatureDoesNotMatch') })
    target.password = ACCOUNT.password
    await uploaded('B1')
    expect(store.read(`pier-7/${piece?.name}`)?.equals(piece?.bytes ?? Buffer.alloc(0))).toBe(true)
    target.url = `${url}-not-there`
    record('B2', [1_000])
    expect(await until('it is told', () => of('B1')?.error)).toMatchObject({ code: 'UPLOAD_NO_FOLDER' })
    target.url = `${url}/pier-7`
    await uploaded('B2')
    expect(of('B1')?.status).toBe('uploaded')
  })

  it('at the rate that was set, also from piece to piece', async () => {
    const { uploads, record, uploaded } = await site({ maxKbits: 4_000 })
    record('C1', [700_000, 400_000, 300_000, 100_000])
    const began = systemClock.mono()
    await uploads.start()
    await uploaded('C1')
    const bits = 1_500_000 * 8
    expect(bits / (systemClock.mono() - began)).toBeLessThan(4_000 * 1.15)
    const files = await acknowledged('C1')
    const asked = dav.asked().filter(({ path, status }) => files.includes(path) && status < 300)
    const took = Math.max(...asked.map(({ ended }) => ended)) - Math.min(...asked.map(({ began }) => began))
    expect(bits / took).toBeGreaterThan(4_000 * 0.85)
  })

  it('from where it was cut, once the network is back', async () => {
    const wire = await new Wire(dav.url).start()
    undo.push(() => wire.stop())
    const { uploads, target, record, of, uploaded, events } = await site({ url: wire.url, maxKbits: SLOW })
    const pieces = record('D1', [1_000, 200_000, 200_000])
    await uploads.start()
    await until('some is there', () => (of('D1')?.sent ?? 0) >= 1)
    await wire.cut()
    expect(await until('it is told', () => of('D1')?.error)).toMatchObject({ code: 'UPLOAD_UNREACHABLE' })
    expect(of('D1')).toMatchObject({ status: 'failed', sent: 1, of: 3 })
    target.maxKbits = FAST
    await wire.start()
    await uploaded('D1')
    expect(await acknowledged('D1')).toEqual([...pieces.map(({ name }) => name), 'D1/recording.json'])
    for (const { name, bytes } of pieces) expect(dav.read(name)?.equals(bytes), name).toBe(true)
    expect(events.map(({ type }) => type)).toEqual(['upload.failed', 'upload.resumed', 'recording.uploaded'])
  })

  it('within the window of the site, over midnight; what is under way stops when it closes', async () => {
    const { uploads, target, now, record, of, uploaded } = await site({
      maxKbits: SLOW,
      window: { from: '22:00', to: '06:00' },
    })
    const setClock = (time: string) => {
      now.shift = Date.parse(time) - Date.now()
    }
    setClock('2026-03-01T20:59:30Z') // 21:59:30 in Rome
    record('E1', [1_000, 300_000, 300_000])
    await uploads.start()
    const waits = { status: 'waiting', sent: 0, of: 3, nextAt: '2026-03-01T21:00:00.000Z' }
    await until('it knows when', () => of('E1')?.nextAt)
    expect(of('E1')).toEqual(waits)
    setClock('2026-03-02T04:59:00Z')
    await until('some is there', () => (of('E1')?.sent ?? 0) >= 1)
    setClock('2026-03-02T05:00:00Z')
    await until('it waits', () => of('E1')?.status === 'waiting')
    expect(of('E1')).toMatchObject({ of: 3, nextAt: '2026-03-02T21:00:00.000Z' })
    expect(of('E1')?.sent).toBe(1)
    target.maxKbits = FAST
    setClock('2026-03-02T23:30:00Z')
    await uploaded('E1')
  })

  it('past one that cannot be read or lacks a piece, and deleted here where that is wanted', async () => {
    const { uploads, record, of, finished, events } = await site({ deleteAfter: true })
    const [broken] = record('F1', [1_000])
    const lost = record('F2', [1_000, 1_000])
    const unmounted = record('F3', [1_000])
    record('F4', [1_000])
    rmSync(broken?.path ?? '')
    mkdirSync(broken?.path ?? '')
    utimesSync(broken?.path ?? '', 0, 0)
    rmSync(lost[1]?.path ?? '')
    rmSync(dirname(unmounted[0]?.path ?? ''), { recursive: true })
    await uploads.start()
    await until('the last is gone', () => !finished.some(({ id }) => id === 'F4'))
    expect(finished.map(({ id }) => id)).toEqual(['F1', 'F2', 'F3'])
    for (const { id } of finished) expect(of(id)).toMatchObject({ status: 'failed', error: { code: 'UPLOAD_FILE' } })
    for (const id of ['F2', 'F3']) expect(dav.read(`${id}/recording.json`)).toBeUndefined()
    expect(dav.read('F4/recording.json')).toBeDefined()
    const failed = Array(3).fill('upload.failed')
    expect(events.map(({ type }) => type)).toEqual([...failed, 'recording.uploaded', 'recording.removed'])
  })

  it('and after a change of place deleted here once the new one has them, not before', async () => {
    const { uploads, target, record, of, uploaded, finished } = await site({})
    record('H1', [1_000])
    await uploads.start()
    await uploaded('H1')
    expect(uploads.isUploaded('H1')).toBe(true)
    Object.assign(target, { url: `${dav.url}/not/there`, deleteAfter: true })
    await until('it is told', () => of('H1')?.error)
    expect(uploads.isUploaded('H1')).toBe(false)
    expect(finished.map(({ id }) => id)).toEqual(['H1'])
    target.url = `${dav.url}/H1`
    await until('it is gone', () => finished.length === 0)
    expect(await acknowledged('H1/H1')).toHaveLength(2)
  })

  it('once only: another life goes on behind what was acknowledged, another place gets all that is still here', async () => {
    const { uploads, target, record, of, deps } = await site({ maxKbits: SLOW })
    const pieces = record('G1', [1_000, 200_000, 200_000])
    await uploads.start()
    await until('some is there', () => (of('G1')?.sent ?? 0) >= 1)
    await uploads.stop()
    const again = new Uploads(deps)
    undo.push(() => again.stop())
    await again.start()
    const now = (id: string) => again.of({ id, pieces: 3 })
    expect(now('G1')?.sent).toBe(1)
    target.maxKbits = FAST
    await until('it is there', () => now('G1')?.status === 'uploaded')
    expect(await acknowledged('G1')).toEqual([...pieces.map(({ name }) => name), 'G1/recording.json'])

    target.maxKbits = SLOW
    record('G2', [1_000, 200_000, 200_000])
    await until('some is there', () => (now('G2')?.sent ?? 0) >= 1)
    target.url = `${dav.url}/G1`
    target.maxKbits = FAST
    await until('it is there', () => now('G2')?.status === 'uploaded')
    expect(now('G1')?.status).toBe('uploaded')
    expect((await acknowledged('G1/G1')).length).toBe(4)
    expect((await acknowledged('G1/G2')).length).toBe(4)
    expect(dav.read('G2/recording.json')).toBeUndefined()
  })
})
