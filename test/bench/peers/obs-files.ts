import { PROFILE } from './profile.ts'
import type { Layer, Show } from './tool.ts'

/** OBS's settings below `obs-studio/`: written by hand, since it has no other way to be set up without its window. */
export function obsFiles({ cameras, layers, url, key }: Show): Record<string, string> {
  const cameraNames = cameras.map((_, n) => `Camera ${n + 1}`)
  const sources = [
    ...cameras.map((camera, n) => cameraSource(cameraNames[n], camera.urlWithCredentials, n === 0)),
    ...layers.map(({ file }, n) => imageSource(`Layer ${n + 1}`, file)),
  ]
  // From the bottom up. Cameras that are not on air run unseen, as scenes that are not shown would have them run.
  const items = [
    ...cameraNames.map((name, n) => item(name, n + 1, n === 0)).reverse(),
    ...layers.map((layer, n) => item(`Layer ${n + 1}`, 10 + n, true, layer)),
  ]
  const scene = { id: 'scene', name: 'Scene', settings: { id_counter: 20, custom_size: false, items } }
  return {
    'global.ini': ini({
      General: {
        FirstRun: 'true',
        Pre19Defaults: 'false',
        Pre21Defaults: 'false',
        Pre23Defaults: 'false',
        EnableAutoUpdates: 'false',
      },
      // The preview in its window costs what a show does not need.
      BasicWindow: { PreviewEnabled: 'false', WarnBeforeStartingStream: 'false', WarnBeforeStoppingStream: 'false' },
      Basic: { Profile: 'Bench', ProfileDir: 'Bench', SceneCollection: 'Bench', SceneCollectionFile: 'Bench' },
    }),
    'basic/profiles/Bench/basic.ini': ini(basic()),
    'basic/profiles/Bench/service.json': JSON.stringify({
      type: 'rtmp_custom',
      settings: { server: url, key, use_auth: false, bwtest: false },
    }),
    'basic/profiles/Bench/streamEncoder.json': JSON.stringify({
      rate_control: 'CBR',
      bitrate: PROFILE.videoBitrate,
      keyint_sec: PROFILE.keyframeInterval,
      preset: 'ultrafast',
      tune: 'zerolatency',
      profile: 'high',
    }),
    'basic/scenes/Bench.json': JSON.stringify({
      name: 'Bench',
      current_scene: 'Scene',
      current_program_scene: 'Scene',
      scene_order: [{ name: 'Scene' }],
      sources: [...sources, scene],
      transitions: [],
      groups: [],
    }),
  }
}

function basic(): Record<string, Record<string, string | number>> {
  const { width, height, fps, audioBitrate } = PROFILE
  return {
    General: { Name: 'Bench' },
    Output: { Mode: 'Advanced', Reconnect: 'false' },
    AdvOut: {
      Encoder: 'obs_x264',
      TrackIndex: 1,
      Rescale: 'false',
      ApplyServiceSettings: 'false',
      Track1Bitrate: audioBitrate,
    },
    Video: {
      BaseCX: width,
      BaseCY: height,
      OutputCX: width,
      OutputCY: height,
      FPSType: 2,
      FPSNum: fps,
      FPSDen: 1,
      ColorFormat: 'NV12',
      ColorSpace: '709',
      ColorRange: 'Partial',
    },
    Audio: { SampleRate: 48_000, ChannelSetup: 'Stereo' },
  }
}

const ini = (sections: Record<string, Record<string, string | number>>): string =>
  Object.entries(sections)
    .map(([name, keys]) =>
      [`[${name}]`, ...Object.entries(keys).map(([key, value]) => `${key}=${value}`), ''].join('\n'),
    )
    .join('\n')

const cameraSource = (name: string, input: string, heard: boolean): object => ({
  id: 'ffmpeg_source',
  versioned_id: 'ffmpeg_source',
  name,
  muted: !heard,
  mixers: 255,
  settings: {
    is_local_file: false,
    input,
    ffmpeg_options: 'rtsp_transport=tcp',
    hw_decode: false,
    close_when_inactive: false,
    restart_on_activate: false,
    clear_on_media_end: false,
  },
})

const imageSource = (name: string, file: string): object => ({
  id: 'image_source',
  versioned_id: 'image_source',
  name,
  settings: { file, unload: false },
})

const item = (name: string, id: number, visible: boolean, at: Pick<Layer, 'x' | 'y'> = { x: 0, y: 0 }): object => ({
  name,
  id,
  visible,
  locked: false,
  rot: 0,
  pos: { x: at.x, y: at.y },
  scale: { x: 1, y: 1 },
  align: 5,
  bounds_type: 0,
  bounds_align: 0,
  bounds: { x: 0, y: 0 },
  crop_left: 0,
  crop_top: 0,
  crop_right: 0,
  crop_bottom: 0,
  scale_filter: 'disable',
  blend_method: 'default',
  blend_type: 'normal',
})
