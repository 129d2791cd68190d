import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApplianceProcess } from '../peers/appliance.ts'
import { until } from '../peers/run.ts'
import { SMALL } from '../peers/stage.ts'

const appliance = new ApplianceProcess()

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
  const huge = { ...SMALL, width: 3840, height: 2160, fps: 60, preset: 'medium' }
  const made = await api.post<{ id: string }>('/destinations', { ...body, profile: SMALL })
  const refused = await api.call<{ code: string; detail: string; fits: typeof SMALL }>(
    'PATCH',
    `/destinations/${made.id}`,
    { profile: huge },
  )
  expect(refused.status).toBe(422)
  expect(refused.body).toMatchObject({ code: 'ENCODER_TOO_HEAVY', detail: expect.stringContaining('fits') })
  const { profile } = await api.patch<{ profile: object }>(`/destinations/${made.id}`, { profile: refused.body.fits })
  expect(profile).toMatchObject({ width: refused.body.fits.width })
})
