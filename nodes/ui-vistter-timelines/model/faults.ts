import type { Cue, CueProblem } from '../../../runtime/contract/generated/openapi.v1.ts'
import { type DraftCue, hasPicture, overlayOf, sceneOf } from './cue.ts'

/** What there is, as far as the page knows it. */
export interface Stock {
  cameras: readonly { id: string; name: string }[]
  /** What the flow wires besides cameras: clips, pictures, colour bars; undefined: not known yet. */
  clips: readonly { id: string; name: string }[] | undefined
  /** By camera; undefined: not known yet. */
  presets: Readonly<Record<string, readonly { id: string; name: string; shotId: string | null }[] | undefined>>
  overlays: Readonly<Record<string, { scenes?: readonly string[] | undefined } | undefined>>
  sounds: readonly { id: string; name: string }[] | undefined
}

/** Where clips come from, for people who have none. */
export const HOW_CLIPS = 'Clips are added in the flow editor: a node “slate” with a media file, wired to the program.'

/** Of a break, as long as nobody says otherwise (ms). */
export const USUAL_SPOT = 15_000

/** Something wrong with a cue, and what to do about it. */
export interface CueFault {
  detail: string
  hint: string
}

export const cameraOf = ({ cameras }: Pick<Stock, 'cameras'>, wanted: string | undefined) =>
  cameras.find(({ id }) => id === wanted) ?? cameras.find(({ name }) => name === wanted)

export const clipOf = ({ clips = [] }: Pick<Stock, 'clips'>, wanted: string | undefined) =>
  clips.find(({ id }) => id === wanted) ?? clips.find(({ name }) => name === wanted)

type Presets = NonNullable<Stock['presets'][string]>

/** A preset by its id, name or shot id; of all cameras where the cue names none. */
export function presetOf(
  { cameras, presets }: Pick<Stock, 'cameras' | 'presets'>,
  { camera, preset }: Pick<Cue, 'camera' | 'preset'>,
) {
  if (preset === undefined) return undefined
  const known = cameraOf({ cameras }, camera)
  const lists = known ? [[known.id, presets[known.id]] as const] : Object.entries(presets)
  for (const [id, list] of camera === undefined || known ? lists : []) {
    const found = (list as Presets | undefined)?.find(
      each => each.id === preset || each.shotId === preset || (known !== undefined && each.name === preset),
    )
    if (found) return { camera: id, preset: found }
  }
  return undefined
}

/** What would fail on air, said while it is written; the appliance says the rest. Pure. */
export function faultsOf(cue: DraftCue, stock: Stock): CueFault[] {
  const found: CueFault[] = []
  const camera = cameraOf(stock, cue.camera)
  if (cue.camera !== undefined && cue.camera !== 'slate' && !camera)
    found.push({ detail: `There is no camera ${cue.camera}.`, hint: 'Choose another one, or add it on the page Show.' })
  else if (cue.preset !== undefined && isKnown(stock, camera?.id) && !presetOf(stock, cue)) {
    const detail = camera ? `${camera.name} has no preset ${cue.preset}.` : `No camera has the shot ${cue.preset}.`
    found.push({ detail, hint: 'Choose another preset, or save it while you steer the camera.' })
  }
  if (cue.clip !== undefined && stock.clips && !clipOf(stock, cue.clip))
    found.push({ detail: `The flow has no clip ${cue.clip}.`, hint: `Choose another one. ${HOW_CLIPS}` })
  const overlay = overlayOf(cue)
  const scene = sceneOf(cue)
  if (overlay !== undefined && !stock.overlays[overlay])
    found.push({ detail: `There is no overlay ${overlay}.`, hint: 'Choose another one, or add it on the page Show.' })
  else if (scene !== undefined && stock.overlays[overlay ?? '']?.scenes?.includes(scene) === false)
    found.push({ detail: `The overlay ${overlay} has no scene ${scene}.`, hint: 'Choose another scene.' })
  const bed = cue.audio?.bed?.asset
  if (typeof bed === 'string' && stock.sounds && !stock.sounds.some(({ id, name }) => id === bed || name === bed))
    found.push({ detail: `There is no sound file ${bed}.`, hint: 'Choose another one.' })
  if ((cue.ads?.spot ?? (cue.ads && USUAL_SPOT) ?? 0) > cue.duration)
    found.push({ detail: 'No spot fits into this break.', hint: 'Make the break longer, or its spots shorter.' })
  if (!hasPicture(cue) && (overlay ?? cue.ads ?? cue.audio) === undefined)
    found.push({ detail: 'This cue does nothing.', hint: 'Give it a picture, an overlay, an ad break or sound.' })
  return found
}

function isKnown({ presets }: Stock, camera: string | undefined): boolean {
  return camera !== undefined ? presets[camera] !== undefined : Object.values(presets).every(list => list !== undefined)
}

/** What the appliance said of a cue when it was saved; what the page says by itself is not said twice. */
export const toldOf = (problems: readonly CueProblem[], cue: string, own: readonly CueFault[]): CueFault[] =>
  own.length > 0
    ? []
    : problems
        .filter(problem => problem.cue === cue)
        .map(({ detail }) => ({ detail, hint: 'The timeline does not start before that is put right.' }))
