import type { PtzCapabilities, PtzPosition } from '../ptz/driver.ts'
import { all, attribute, numeric, response, text, type Xml } from './soap.ts'
import { AROUND, type Range, type Space, scaled, spacesOf, ZOOM } from './spaces.ts'

/** What one PTZ node of a camera can, and in which numbers. */
export interface PtzNode extends Omit<PtzCapabilities, 'moveStatus'> {
  panTilt: Space[]
  zoom: Space[]
  /** Which of the two a speed may be given for. */
  moves: { panTilt: boolean; zoom: boolean }
}

/** The node of this token out of an answer, else the first; nothing when the camera has none. */
export function nodeOf(body: Xml, token: string | undefined): PtzNode | undefined {
  const nodes = all(body, 'getNodesResponse').flatMap(answer => all(answer, 'PTZNode'))
  const node = nodes.find(one => token !== undefined && attribute(one, 'token') === token) ?? nodes[0]
  if (node === undefined) return undefined
  const has = (kind: string) => all(node, 'supportedPTZSpaces', kind).length > 0
  const panTilt = spacesOf(node, 'absolutePanTiltPositionSpace').filter(({ y }) => y !== undefined)
  const zoom = spacesOf(node, 'absoluteZoomPositionSpace')
  const moves = { panTilt: has('continuousPanTiltVelocitySpace'), zoom: has('continuousZoomVelocitySpace') }
  return {
    panTilt,
    zoom,
    moves,
    absolute: panTilt.length > 0 || zoom.length > 0,
    relative: has('relativePanTiltTranslationSpace') || has('relativeZoomTranslationSpace'),
    continuous: moves.panTilt || moves.zoom,
    presets: Math.max(0, Math.trunc(numeric(text(node, 'maximumNumberOfPresets')) ?? 0)),
    home: text(node, 'homeSupported')?.toLowerCase() === 'true',
  }
}

/** A position as a camera tells it (`Position` of a status, `PTZPosition` of a preset) in our numbers. */
export function positionOf(told: Xml, node: PtzNode): PtzPosition | undefined {
  const [panTilt] = all(told, 'panTilt')
  const [zoom] = all(told, 'zoom')
  const x = numeric(attribute(panTilt, 'x'))
  const y = numeric(attribute(panTilt, 'y'))
  const z = numeric(attribute(zoom, 'x'))
  if (x === undefined && y === undefined && z === undefined) return undefined
  const around = spaceOf(panTilt, node.panTilt)
  const near = spaceOf(zoom, node.zoom)
  return {
    pan: rounded(scaled(x ?? 0, around?.x ?? AROUND, AROUND)),
    tilt: rounded(scaled(y ?? 0, around?.y ?? AROUND, AROUND)),
    zoom: rounded(scaled(z ?? 0, near?.x ?? ZOOM, ZOOM)),
  }
}

/** The space that a position names; most name none and mean their first. */
function spaceOf(told: Xml, spaces: Space[]): Space | undefined {
  const uri = attribute(told, 'space')
  return spaces.find(space => space.uri === uri) ?? spaces[0]
}

/** Our position in the camera's numbers, for the library. A space is named only where the camera has a choice of them. */
export function moveTo({ pan, tilt, zoom }: PtzPosition, node: PtzNode) {
  const [around] = node.panTilt
  const [near] = node.zoom
  return {
    ...(around && {
      x: rounded(scaled(pan, AROUND, around.x)),
      y: rounded(scaled(tilt, AROUND, around.y ?? AROUND)),
      ...(node.panTilt.length > 1 && { xyspace: around.uri }),
    }),
    ...(near && {
      zoom: rounded(scaled(zoom, ZOOM, near.x)),
      ...(node.zoom.length > 1 && { zoomspace: near.uri }),
    }),
    onlySendPanTilt: !near,
    onlySendZoom: !around,
  }
}

/** Cameras read no more; and 1e-7 is a number that some cannot read at all. */
const rounded = (value: number): number => Math.round(value * 1e5) / 1e5

/** Undefined: it does not say. */
export function movingOf(body: Xml): boolean | undefined {
  const status = all(response(body, 'getStatusResponse'), 'PTZStatus', 'moveStatus')
  const words = [text(status[0], 'panTilt'), text(status[0], 'zoom')].map(word => word?.toUpperCase())
  if (words.includes('MOVING')) return true
  return words.includes('IDLE') ? false : undefined
}

export const limited = (value: number, { min, max }: Range): number =>
  rounded(Math.min(max, Math.max(min, Number.isFinite(value) ? value : 0)))
