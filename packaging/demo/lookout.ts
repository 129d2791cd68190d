import { PtzCamera } from '../../test/peers/ptz-camera.ts'
import { run, until } from '../../test/peers/run.ts'
import { wideHarbour } from './scenes.ts'

interface Api {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
}

/** What the camera looks at, and for how long (s): the single-camera show of the guides. */
const SHOTS = [
  { name: 'Bay', place: { pan: 0.1, tilt: 0, zoom: 0 }, dwell: 60 },
  { name: 'Lighthouse', place: { pan: -0.9, tilt: 0.2, zoom: 0.06 }, dwell: 30 },
  { name: 'Evening sun', place: { pan: 0.85, tilt: 0.15, zoom: 0.15 }, dwell: 45 },
]
const NAME = 'Lookout'

const HAS_GSTREAMER = `
import gi
gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst
Gst.init(None)
raise SystemExit(0 if Gst.ElementFactory.find('x264enc') else 1)`

/** A camera that turns, with a grain without which it would count as frozen; undefined where GStreamer is not installed. */
export async function lookout(login: { username: string; password: string }): Promise<PtzCamera | undefined> {
  const there = await run('/usr/bin/python3', ['-c', HAS_GSTREAMER]).then(
    () => true,
    () => false,
  )
  if (!there) return undefined
  const size = { width: 1280, height: 720 }
  return new PtzCamera({ ...login, name: NAME, size, scene: await wideHarbour(), noise: true, burntIn: false })
}

/** Adds it with its presets, and starts a show that goes from one to the next for as long as the demo lasts. */
export async function singleCameraShow(api: Api, peer: PtzCamera, quit: AbortSignal): Promise<void> {
  const { url, username, password, address: host, port } = peer
  const camera = await api.post<{ id: string }>('/cameras', {
    ...{ name: NAME, url, username, password, onvif: { host, port } },
  })
  const path = `/cameras/${camera.id}`
  const ready = async () => {
    quit.throwIfAborted()
    const { state } = await api.get<{ state: { status: string; ptz?: { position?: unknown } } }>(path)
    return state.status === 'online' && state.ptz?.position
  }
  await until('the camera can be moved', ready, { timeoutMs: 30_000, everyMs: 100 })
  for (const { name, place } of SHOTS) {
    await api.post(`${path}/ptz`, { to: place })
    const there = () => !peer.moving && Math.abs(peer.position.pan - place.pan) < 0.001
    await until(`it looks at ${name}`, there, { everyMs: 50 })
    const saved = () =>
      api.post(`${path}/presets`, { name }).then(
        () => true,
        () => false,
      )
    await until(`${name} is a preset`, saved, { everyMs: 250 })
  }
  let start = 0
  const cues = SHOTS.map(({ name, dwell }) => {
    const cue = { id: name, camera: NAME, preset: name, start, duration: dwell * 1_000, swing: 'freeze' }
    start += cue.duration
    return { ...cue, transition: { type: 'fade', duration: '700ms' } }
  })
  const body = { name: 'Round of the harbour', loop: true, timing: 'arrival', cues }
  const timeline = await api.post<{ id: string }>('/timelines', body)
  await api.post(`/timelines/${timeline.id}/start`)
}
