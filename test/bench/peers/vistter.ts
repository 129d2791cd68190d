import { ApplianceProcess } from '../../peers/appliance.ts'
import { cpuSeconds } from '../../peers/processes.ts'
import { until } from '../../peers/run.ts'
import type { CameraView, DestinationView, ProgramView } from '../../peers/stage.ts'
import { threeLayers } from '../layers.ts'
import { PROFILE } from './profile.ts'
import type { Performer, Show, Tool } from './tool.ts'

/** The appliance as `npm start` runs it, all its processes counted: web, flow host and launcher, too. */
export const vistter: Tool = {
  name: 'VistterStream',
  packages: [],
  lacks: () => [],
  version: () => 'this tree',
  start,
}

async function start({ cameras, url, key }: Show): Promise<Performer> {
  const appliance = new ApplianceProcess()
  try {
    await appliance.start()
    await appliance.setUp()
    const { api } = appliance
    const { width, height, fps } = PROFILE
    await api.patch('/settings', { program: { width, height, fps } })
    const ids: string[] = []
    for (const [n, { url, username, password }] of cameras.entries()) {
      const body = { name: `Camera ${n + 1}`, url, username, password, audio: n === 0 ? 'on' : 'off' }
      ids.push((await api.post<CameraView>('/cameras', body)).id)
    }
    await api.post('/program/take', { source: ids[0] })
    await until('the camera is on air', async () => (await api.get<ProgramView>('/program')).source === ids[0])
    await api.put('/overlays/bench', threeLayers)
    await api.post('/overlays/bench/play')
    const profile = { ...PROFILE, preset: 'ultrafast' }
    const destination = { name: 'Platform', platform: 'rtmp', url, streamKey: key, profile }
    const { id } = await api.post<DestinationView>('/destinations', destination)
    await api.post(`/destinations/${id}/start`)
  } catch (error) {
    await appliance.remove()
    throw error
  }
  return {
    cpu: () => appliance.processes().reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    stop: () => appliance.remove(),
  }
}
