import { loadavg } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { until } from '../peers/run.ts'
import { DAY, fill } from '../peers/studio/day.ts'
import { behindMosquitto, FarStudio } from '../peers/studio/far-studio.ts'

/** A day without a line, on the product's own outbox: what it left behind leaves within five minutes, to Mosquitto. */
const LONGEST = 300_000

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

interface Told {
  topic: string
  type: string
  time: string
  sequence?: number
}

test.each([
  ['near', 0, 0],
  ['500 ms there and back, 2 % lost', 500, 0.02],
])(
  '%s: a day offline leaves within five minutes: the newest state first, all with its own time',
  async (way, roundTripMs, loss) => {
    const far = await FarStudio.begin(behindMosquitto)
    stops.push(() => far.end())
    const { studio, appliance, wire, box } = far
    const told: Told[] = []
    const numbers = new Set([...studio.told('ack'), ...studio.told('event')].map(({ sequence }) => Number(sequence)))
    let command = ''
    let heardAt = Number.NaN
    studio.onTold = (_, topic, { type, time, sequence, data }) => {
      const number = Number(sequence ?? Number.NaN)
      if ((data as { command?: string }).command === command && Number.isNaN(heardAt)) heardAt = performance.now()
      if (Number.isInteger(number)) numbers.add(number)
      told.push({ topic, type: String(type), time: String(time), sequence: number })
    }
    await wire.cut()
    await appliance.stop()
    const from = Date.now() - DAY
    const times = await fill(join(appliance.data, 'vistter.db'), from)
    told.splice(0)
    await appliance.start()
    await until('it runs', async () => (await box.state()).queue.out > times.size, { timeoutMs: 60_000 })
    const waiting = (await box.state()).queue.out
    wire.far(roundTripMs, loss)
    await wire.start()
    const connected = () => told.some(({ topic }) => topic === 'status')
    await until('it is back', connected, { timeoutMs: 120_000 })
    const began = performance.now()
    const sentAt = performance.now()
    command = await box.send('overlay.stop', { id: 'o' })
    const drained = async () => (await box.state()).queue.out < 20
    await until('all has left', drained, { timeoutMs: LONGEST + 30_000, everyMs: 250 })
    const took = performance.now() - began
    const rate = Math.round(waiting / (took / 1_000))
    console.log(
      `${way}: ${waiting} messages in ${(took / 1_000).toFixed(1)} s, ${rate} a second; a command meanwhile was received in ${Math.round(heardAt - sentAt)} ms;`,
      `load ${loadavg()[0]?.toFixed(1)}`,
    )
    expect(took).toBeLessThan(LONGEST)
    const missing = () => Array.from({ length: Math.max(...numbers) }, (_, n) => n + 1).filter(n => !numbers.has(n))
    await until('nothing is missing', () => missing().length === 0)
    const wrong = told.filter(({ sequence = 0, time }) => times.has(sequence) && times.get(sequence) !== time)
    expect(wrong).toEqual([])
    expect([...times.keys()].filter(n => !numbers.has(n))).toEqual([])

    const first = (what: (one: Told) => boolean) => told.findIndex(what)
    const isOld = ({ time }: Told) => Date.parse(time) < from + DAY - 60_000
    const state = first(one => one.topic === 'telemetry' && !isOld(one))
    const [acks, events] = [
      first(({ type }) => type === 'vistter.ack'),
      first(one => one.type.includes('camera.offline')),
    ]
    const proof = first(one => one.type === 'vistter.proof' && isOld(one))
    const old = first(one => one.topic === 'telemetry' && isOld(one))
    expect([state, acks, events, proof, old].toSorted((a, b) => a - b)).toEqual([state, acks, events, proof, old])
    expect(state).toBeGreaterThanOrEqual(0)
  },
)
