import { computed, onMounted, type Ref, ref, watch } from 'vue'
import type { Preset, SoundAsset } from '../../../runtime/contract/generated/openapi.v1.ts'
import { call } from '../../lib-ui/api.ts'
import { clipsIn } from '../../lib-ui/clips.ts'
import { useLive } from '../../lib-ui/live.ts'
import type { Stock } from '../model/faults.ts'

export interface ShownStock extends Stock {
  presets: Readonly<Record<string, readonly Preset[] | undefined>>
}

/** What cues can name, kept true while the page is open. What cannot be asked for now is asked for when the link is back. */
export function useStock(): Ref<ShownStock> {
  const live = useLive()
  const presets = ref<Record<string, Preset[]>>({})
  const sounds = ref<SoundAsset[]>()

  const loadPresets = async (camera: string) => {
    const list = await call<Preset[]>('GET', `/cameras/${camera}/presets`).catch(() => undefined)
    if (list) presets.value = { ...presets.value, [camera]: list }
  }
  const loadSounds = async () => {
    sounds.value = await call<SoundAsset[]>('GET', '/assets').catch(() => sounds.value)
  }
  const news = (camera: string) => `${live.presets[camera]} ${live.link === 'live'}`
  const told = new Map<string, string>()
  const look = () => {
    for (const id of Object.keys(live.cameras)) {
      if (told.get(id) === news(id)) continue
      told.set(id, news(id))
      if (live.link === 'live') void loadPresets(id)
    }
  }
  onMounted(look)
  watch(() => Object.keys(live.cameras).map(news).join(), look)
  watch(
    () => live.link,
    link => link === 'live' && void loadSounds(),
    { immediate: true },
  )
  return computed(() => ({
    cameras: Object.values(live.cameras)
      .map(({ id, name }) => ({ id, name }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    clips: clipsIn(live),
    presets: Object.fromEntries(Object.keys(live.cameras).map(id => [id, presets.value[id]])),
    overlays: live.overlays,
    sounds: sounds.value,
  }))
}
