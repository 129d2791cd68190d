import { loadavg } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import type { SettingsVersion, Timeline } from '../../runtime/contract/generated/openapi.v1.ts'
import { sleep } from '../../runtime/lib/clock.ts'
import { cue, documentOf, scene, white } from '../peers/overlay-story.ts'
import { until } from '../peers/run.ts'
import { behindMosquitto, FarStudio, withOwnBroker } from '../peers/studio/far-studio.ts'

/** A minute without a line while 300 commands are under way, and control killed in it: with the whole product. */
const CUT = 60_000
const COMMANDS = 300
/** Of these, sent just before it: so many that a fast machine has not done most of them by then. */
const BEFORE = 240
const LATE = 20
/** Of these each second, in turn: what can be seen of an effect is a version of the configuration, or the revision of a timeline. */
const LANES = ['config', 'a', 'b'] as const

let far: FarStudio
afterEach(() => far.end())

const FINAL = ['done', 'failed', 'rejected', 'expired']
const versions = async () =>
  (await far.appliance.api.get<SettingsVersion[]>('/settings/versions?limit=1000'))
    .filter(({ actor }) => actor === 'Studio')
    .map(({ settings }) => settings.locationName)
    .toReversed()

const named = (locationName: string) => ({ patch: [{ op: 'replace', path: '/locationName', value: locationName }] })
const timeline = (id: string, name: string) => ({
  timeline: { id, name, cues: [{ id: 'c', start: 0, duration: 1_000, camera: 'slate' }] },
})

/** The `n`th of all. */
function command(n: number): [type: string, data: object] {
  const lane = LANES[n % LANES.length] ?? 'config'
  return lane === 'config' ? ['config.patch', named(`n${n}`)] : ['timeline.publish', timeline(lane, `n${n}`)]
}

/** Something that is on air for two seconds again and again, so that there is proof of play. */
async function showSpots(): Promise<void> {
  const { api } = far.appliance
  const cues = [cue(0, 'c', white, { duration: 2_000 })]
  await api.put('/overlays/spot', documentOf('spot', [scene('s', cues)], { duration: 3_000, loop: true }))
  await api.post('/overlays/spot/play')
}

test.each([
  ['the reference Studio', withOwnBroker],
  ['Mosquitto with mutual TLS', behindMosquitto],
] as const)(
  '%s: each of 320 takes effect once, in order, or expires; all is told, with its own time',
  async (_, made) => {
    far = await FarStudio.begin(made)
    await showSpots()
    const { box, wire, studio, appliance } = far
    const sent: string[] = []
    const late: string[] = []
    const good = { expiresat: new Date(Date.now() + 600_000).toISOString() }
    const send = async (count: number) => {
      const first = sent.length
      for (let n = first; n < first + count; n++) sent.push(await box.send(...command(n), good))
    }

    await send(BEFORE)
    await until('the first of them are heard', () => studio.told('ack').length > 3)
    wire.freeze()
    const cutAt = Date.now()
    const pid = appliance.kill('control')
    await send(COMMANDS - BEFORE)
    const short = { expiresat: new Date(Date.now() + CUT / 2).toISOString() }
    for (let n = 0; n < LATE; n++) late.push(await box.send('config.patch', named(`late${n}`), short))
    await appliance.reborn('control', pid)
    await sleep(cutAt + CUT - Date.now())
    const backAt = Date.now()
    const before = studio.broker.heard.length
    wire.thaw()
    await until('it is back', () => studio.broker.heard.length > before, { timeoutMs: 120_000 })
    const reachedAt = Date.now()
    // Once more, while all of it leaves.
    const next = appliance.kill('control')
    await appliance.reborn('control', next)
    const ends = (id: string) => box.said(id).filter(({ status }) => FINAL.includes(status))
    const ended = () => [...sent, ...late].every(id => ends(id).length > 0)
    await until('each has its last word', ended, { timeoutMs: 120_000 })
    const endedAt = Date.now()
    await appliance.healthy()
    await until('all is told, nothing is missing', () => far.isWhole(), { timeoutMs: 120_000 })

    expect(sent.map(id => ends(id).map(({ status }) => status))).toEqual(sent.map(() => ['done']))
    expect(late.map(id => ends(id).map(({ status }) => status))).toEqual(late.map(() => ['expired']))
    const of = (lane: string) => sent.map((_, n) => n).filter(n => LANES[n % LANES.length] === lane)
    expect(await versions()).toEqual(of('config').map(n => `n${n}`))
    for (const lane of ['a', 'b']) {
      const { name, revision } = await appliance.api.get<Timeline>(`/timelines/${lane}`)
      expect({ name, revision }).toEqual({ name: `n${of(lane).at(-1)}`, revision: of(lane).length })
    }
    const begun = studio
      .told('ack')
      .map(({ data, sequence }) => ({ ...(data as { command: string; status: string }), sequence }))
    for (const lane of LANES) {
      const ids = of(lane).map(n => sent[n] ?? '')
      const running = begun.filter(({ command, status }) => status === 'running' && ids.includes(command))
      const order = running.toSorted((a, b) => Number(a.sequence) - Number(b.sequence)).map(({ command }) => command)
      expect([...new Set(order)]).toEqual(ids)
    }
    const inCut = (topic: string, type: RegExp) =>
      studio
        .told(topic)
        .filter(told => type.test(String(told.type)))
        .filter(({ time }) => Date.parse(String(time)) > cutAt + 1_000 && Date.parse(String(time)) < backAt).length
    const told = { acks: inCut('ack', /./), events: inCut('event', /event/), proof: inCut('event', /proof/) }
    expect(told.acks).toBeGreaterThan(100)
    expect(told.events).toBeGreaterThan(20)
    expect(told.proof).toBeGreaterThan(10)
    const after = studio.broker.heard
      .slice(before)
      .map(({ topic, message }) => `${topic.split('/')[4]} ${message.type}`)
    expect(after.findIndex(told => told.startsWith('telemetry'))).toBeLessThan(
      after.findIndex(told => told.includes('proof')),
    )
    console.log(
      `back ${reachedAt - backAt} ms after the line, all ended ${endedAt - backAt} ms after it; of the cut: ${JSON.stringify(told)}`,
      `${far.sequences().length} numbers; load ${loadavg()[0]?.toFixed(1)}`,
    )
  },
)
