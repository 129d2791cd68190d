import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApplianceProcess } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import { SMALL } from '../peers/stage.ts'

const HUGE = { ...SMALL, width: 3840, height: 2160, fps: 60, preset: 'medium' }
const appliance = new ApplianceProcess({ fresh: true })

beforeAll(async () => {
  await appliance.start()
  await appliance.setUp()
})
afterAll(() => appliance.remove())

interface Health {
  engine: { speed?: { decode: number } }
}

test('a profile that this machine cannot hold is refused with the one that fits; others are kept', async () => {
  const { api } = appliance
  const measured = async () => (await api.get<Health>('/health')).engine.speed
  expect((await until('the machine is measured', measured, { timeoutMs: 40_000 })).decode).toBeGreaterThan(1)
  const body = { name: 'Huge', platform: 'rtmp', url: 'rtmp://127.0.0.1:9/live', streamKey: 'k' }
  const made = await api.post<{ id: string }>('/destinations', { ...body, profile: SMALL })
  const refused = await api.call<{ code: string; detail: string; fits: typeof SMALL }>(
    'PATCH',
    `/destinations/${made.id}`,
    { profile: HUGE },
  )
  expect(refused.status).toBe(422)
  expect(refused.body).toMatchObject({ code: 'ENCODER_TOO_HEAVY', detail: expect.stringContaining('fits') })
  const { profile } = await api.patch<{ profile: object }>(`/destinations/${made.id}`, { profile: refused.body.fits })
  expect(profile).toMatchObject({ width: refused.body.fits.width })
})

test('so is a recording for which the wire asks such an encoder of its own', async () => {
  const { api } = appliance
  const editor = <T>(method: string, body?: unknown) => api.call<T>(method, '/editor/flows', body, true)
  const { body: flows } = await until('flows', async () => {
    const answer = await editor<{ type: string }[]>('GET')
    return answer.status === 200 && answer
  })
  await editor(
    'POST',
    flows.map(node => (node.type === 'vistter-encoder' ? { ...node, ...HUGE, profile: 'own' } : node)),
  )
  const start = () => api.call<{ code: string }>('POST', '/recordings/start', {})
  const refused = await until('it is refused', async () => {
    const { status, body } = await start()
    if (status === 200 || status === 201) await api.post('/recordings/stop')
    return status === 422 && body
  })
  expect(refused).toMatchObject({
    code: 'ENCODER_TOO_HEAVY',
    detail: expect.stringMatching(/^A recording of main asks for 3840×2160 .* fits/),
  })
})
