import { loadavg } from 'node:os'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sleep } from '../../runtime/lib/clock.ts'
import { cue, documentOf, scene, white } from '../peers/overlay-story.ts'
import { FarStudio } from '../peers/studio/far-studio.ts'

/** How soon Studio hears that a command is on the box's disk: with the whole product, near and over a long, bad line. */
const AT_ONCE = 200
const OVERLAYS = 8

let far: FarStudio
beforeAll(async () => {
  far = await FarStudio.begin()
  for (let n = 0; n < OVERLAYS; n++)
    await far.appliance.api.put(`/overlays/o${n}`, documentOf(`o${n}`, [scene('s', [cue(n, 'c', white)])]))
})
afterEach(() => far.wire.far(0, 0))
afterAll(() => far.end())

/** The shortest first; fails where one was not done. */
async function times(what: string, sent: ReadonlyMap<string, number>): Promise<{ p99: number }> {
  for (const id of sent.keys()) expect(await far.box.ended(id, 120_000)).toMatchObject({ status: 'done' })
  const all = far.box.received(sent)
  const at = (share: number) => all[Math.ceil(all.length * share) - 1] ?? Number.NaN
  const [p50, p99, longest] = [at(0.5), at(0.99), at(1)].map(Math.round)
  console.log(`${what}: received p50 ${p50} ms, p99 ${p99} ms, longest ${longest} ms; load ${loadavg()[0]?.toFixed(1)}`)
  return { p99: p99 ?? Number.NaN }
}

async function sendAll(): Promise<ReadonlyMap<string, number>> {
  const good = { expiresat: new Date(Date.now() + 600_000).toISOString() }
  const sending = Array.from({ length: AT_ONCE }, async (_, n) => {
    const at = performance.now()
    return [await far.box.send('overlay.stop', { id: `o${n % OVERLAYS}` }, good), at] as const
  })
  return new Map(await Promise.all(sending))
}

test('near: 200 at once are each heard of within a second', async () => {
  for (let round = 1; round <= 3; round++)
    expect((await times(`200 at once, round ${round}`, await sendAll())).p99).toBeLessThan(1_000)
})

test('500 ms there and back and 2 % lost: five a second are each heard of within 3 s', async () => {
  far.wire.far(500, 0.02)
  const sent = new Map<string, number>()
  for (let n = 0; n < 100; n++) {
    const at = performance.now()
    sent.set(await far.box.send('overlay.stop', { id: `o${n % OVERLAYS}` }), at)
    await sleep(200)
  }
  expect((await times('far, five a second', sent)).p99).toBeLessThan(3_000)
})

test('500 ms there and back and 2 % lost: 200 at once are each heard of within 3 s', async () => {
  far.wire.far(500, 0.02)
  expect((await times('far, 200 at once', await sendAll())).p99).toBeLessThan(3_000)
})
