import { nameOf, registerNode } from '../lib/editor.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => {
    const camera = node.camera === '*' ? '' : `${nameOf('cameras', node.camera)} `
    return `${camera}→ ${node.preset || t('any')}`
  },
  onEditPrepare: () => offerPresets(),
})

/** Offers the presets of the chosen camera below the field, which takes any other text as well. */
function offerPresets(): void {
  const input = document.querySelector<HTMLInputElement>('#node-input-preset')
  const camera = document.querySelector<HTMLSelectElement>('#node-input-camera')
  if (!input || !camera) return
  const list = document.createElement('datalist')
  list.id = 'vistter-presets'
  input.after(list)
  input.setAttribute('list', list.id)
  const fill = async () => {
    const names = await namesOf(camera.value)
    list.replaceChildren(...names.map(name => new Option(name, name)))
  }
  camera.addEventListener('change', () => void fill())
  void fill()
}

async function namesOf(camera: string): Promise<string[]> {
  if (camera === '' || camera === '*') return []
  try {
    const address = `/api/v1/cameras/${encodeURIComponent(camera)}/presets`
    const answer = await fetch(address, { headers: { accept: 'application/json' } })
    const items: unknown = answer.ok ? await answer.json() : []
    return Array.isArray(items) ? items.map(item => String(item?.name)) : []
  } catch {
    // Without the list the field still takes a name.
    return []
  }
}
