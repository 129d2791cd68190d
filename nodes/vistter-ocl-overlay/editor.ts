import { registerNode, type Translate } from '../lib/editor.ts'
import { Newest } from './newest.ts'
import { spec } from './schema.ts'

registerNode(spec, {
  label: (node, t) => (node.overlay === '*' ? t('any') : node.overlay),
  onEditPrepare: (_node, t) => addPicture(t),
})

const WIDTH = 480
/** Of the slider (ms), where the appliance does not say how long an overlay lasts, or it lasts so long that a pixel were minutes. */
const USUAL_LENGTH = 60_000
const LONGEST = 600_000
const STEP = 40

/** Address of the picture of an overlay at a moment (ms). */
const pictureAddress = (overlay: string, at: number): string =>
  `/api/v1/overlays/${encodeURIComponent(overlay)}/picture?at=${at}&width=${WIDTH}`

/** Adds to the node's form how the overlay looks, at a time that a slider chooses, or that is typed beside it. */
function addPicture(t: Translate): void {
  const input = document.querySelector<HTMLInputElement>('#node-input-overlay')
  const row = input?.closest('.form-row')
  if (!input || !row) return
  const image = document.createElement('img')
  image.alt = t('picture.label')
  image.style.cssText = 'display:block;width:100%;margin-top:6px;border-radius:4px'
  const slider = document.createElement('input')
  Object.assign(slider, { type: 'range', min: '0', max: String(USUAL_LENGTH), step: String(STEP), value: '0' })
  slider.style.width = 'calc(100% - 215px)'
  slider.id = 'vistter-overlay-picture-at'
  const label = document.createElement('label')
  label.htmlFor = slider.id
  label.textContent = t('picture.label')
  const time = document.createElement('input')
  Object.assign(time, { type: 'number', min: '0', step: String(STEP / 1_000), value: '0' })
  time.id = 'vistter-overlay-picture-seconds'
  time.setAttribute('aria-label', t('picture.seconds'))
  time.style.cssText = 'width:80px;margin:0 4px 0 8px'
  const note = document.createElement('div')
  note.textContent = t('picture.none')
  const box = document.createElement('div')
  box.className = 'form-row'
  box.append(label, slider, time, 's', image, note)
  row.after(box)

  const newest = new Newest<string>(address => {
    image.src = address
  })
  const seen = (there: boolean) => {
    image.style.display = there ? 'block' : 'none'
    note.style.display = there ? 'none' : 'block'
    newest.done()
  }
  image.addEventListener('load', () => seen(true))
  image.addEventListener('error', () => seen(false))
  const show = () => {
    const at = Math.max(0, Math.round(Number(time.value) * 1_000) || 0)
    const named = input.value !== '' && input.value !== '*'
    box.style.display = named ? '' : 'none'
    if (named) newest.ask(pictureAddress(input.value, at))
  }
  const choose = async () => {
    slider.max = String(await lengthOf(input.value))
    show()
  }
  slider.addEventListener('input', () => {
    time.value = String(Number(slider.value) / 1_000)
    show()
  })
  time.addEventListener('input', () => {
    slider.value = String(Number(time.value) * 1_000)
    show()
  })
  input.addEventListener('change', () => void choose())
  void choose()
}

async function lengthOf(overlay: string): Promise<number> {
  try {
    const answer = await fetch('/api/v1/overlays', { headers: { accept: 'application/json' } })
    const all: unknown = answer.ok ? await answer.json() : []
    const found = Array.isArray(all) ? all.find(each => each?.id === overlay) : undefined
    const length = typeof found?.duration === 'number' ? found.duration : 0
    return length > 0 && length <= LONGEST ? length : USUAL_LENGTH
  } catch {
    return USUAL_LENGTH
  }
}
