import type { Position } from './head.ts'
import type { SoapRequest } from './soap.ts'

/** Pan, tilt and zoom as ONVIF writes them, in its generic spaces. */
const SPACES = 'http://www.onvif.org/ver10/tptz'
const POSITION = [`${SPACES}/PanTiltSpaces/PositionGenericSpace`, `${SPACES}/ZoomSpaces/PositionGenericSpace`]
const SHIFT = [`${SPACES}/PanTiltSpaces/TranslationGenericSpace`, `${SPACES}/ZoomSpaces/TranslationGenericSpace`]
const SPEED = [`${SPACES}/PanTiltSpaces/VelocityGenericSpace`, `${SPACES}/ZoomSpaces/VelocityGenericSpace`]
const COMMON = [`${SPACES}/PanTiltSpaces/GenericSpeedSpace`, `${SPACES}/ZoomSpaces/ZoomGenericSpeedSpace`]

export function place({ pan, tilt, zoom }: Position): string {
  // A camera counts in steps of a motor, and so do the digits here.
  const [x, y, z] = [pan, tilt, zoom].map(value => Number(value.toFixed(5)))
  return `<tt:PanTilt x="${x}" y="${y}" space="${POSITION[0]}"/><tt:Zoom x="${z}" space="${POSITION[1]}"/>`
}

/** What a vector element names; axes that are left out stay out. */
export function vector(request: SoapRequest, element: string): Partial<Position> {
  const part = request.part(element)
  const named = {
    pan: part.number('PanTilt', 'x'),
    tilt: part.number('PanTilt', 'y'),
    zoom: part.number('Zoom', 'x'),
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

const axis = (name: 'X' | 'Y', min: number, max: number) =>
  `<tt:${name}Range><tt:Min>${min}</tt:Min><tt:Max>${max}</tt:Max></tt:${name}Range>`

const space = (element: string, uri: string, ...ranges: string[]) =>
  `<tt:${element}><tt:URI>${uri}</tt:URI>${ranges.join('')}</tt:${element}>`

/** The spaces of a node and of its configuration's options. */
export function spaces(absolute: boolean): string {
  const [x, y, zoom] = [axis('X', -1, 1), axis('Y', -1, 1), axis('X', 0, 1)]
  return [
    absolute ? space('AbsolutePanTiltPositionSpace', POSITION[0], x, y) : '',
    absolute ? space('AbsoluteZoomPositionSpace', POSITION[1], zoom) : '',
    space('RelativePanTiltTranslationSpace', SHIFT[0], x, y),
    space('RelativeZoomTranslationSpace', SHIFT[1], x),
    space('ContinuousPanTiltVelocitySpace', SPEED[0], x, y),
    space('ContinuousZoomVelocitySpace', SPEED[1], x),
    space('PanTiltSpeedSpace', COMMON[0], zoom),
    space('ZoomSpeedSpace', COMMON[1], zoom),
  ].join('')
}

/** A PTZ configuration, as profiles and GetConfigurations carry it. */
export function configuration(element: string, absolute: boolean, timeoutMs: number): string {
  const [x, y, zoom] = [axis('X', -1, 1), axis('Y', -1, 1), axis('X', 0, 1)]
  const defaults = absolute
    ? `<tt:DefaultAbsolutePantTiltPositionSpace>${POSITION[0]}</tt:DefaultAbsolutePantTiltPositionSpace>` +
      `<tt:DefaultAbsoluteZoomPositionSpace>${POSITION[1]}</tt:DefaultAbsoluteZoomPositionSpace>`
    : ''
  return (
    `<${element} token="ptz_1"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>node_1</tt:NodeToken>${defaults}` +
    `<tt:DefaultContinuousPanTiltVelocitySpace>${SPEED[0]}</tt:DefaultContinuousPanTiltVelocitySpace>` +
    `<tt:DefaultContinuousZoomVelocitySpace>${SPEED[1]}</tt:DefaultContinuousZoomVelocitySpace>` +
    `<tt:DefaultPTZSpeed><tt:PanTilt x="1" y="1" space="${COMMON[0]}"/><tt:Zoom x="1" space="${COMMON[1]}"/></tt:DefaultPTZSpeed>` +
    `<tt:DefaultPTZTimeout>PT${timeoutMs / 1_000}S</tt:DefaultPTZTimeout>` +
    `<tt:PanTiltLimits><tt:Range><tt:URI>${POSITION[0]}</tt:URI>${x}${y}</tt:Range></tt:PanTiltLimits>` +
    `<tt:ZoomLimits><tt:Range><tt:URI>${POSITION[1]}</tt:URI>${zoom}</tt:Range></tt:ZoomLimits></${element}>`
  )
}
