import { HOME, type Position } from './head.ts'
import type { Camera, Operations } from './operations.ts'
import { SoapFault } from './soap.ts'
import { configuration, place, spaces, vector } from './vectors.ts'

/** How long a continuous move goes on when the request does not say. */
const TIMEOUT_MS = 10_000

/** ONVIF's PTZ service, version 2.0. */
export function ptzService(camera: Camera): Operations {
  const { presets, faults } = camera
  const now = () => camera.now()
  /** A token that is not there is refused by real cameras too, and by some with these words. */
  const known = (token: string | undefined) => {
    if (token !== 'main' && token !== 'sub') {
      throw new SoapFault(['ter:InvalidArgVal', 'ter:NoProfile'], 'The requested profile token does not exist')
    }
  }
  const goTo = (to: Partial<Position>, speed?: Partial<Position>) => {
    const { pan = 0, tilt = 0, zoom = 0 } = faults.arrivalError ?? {}
    const off = { pan, tilt, zoom }
    const target = Object.entries(to).map(([axis, value]) => [axis, value + off[axis as keyof Position]])
    camera.head.goTo(now(), Object.fromEntries(target), speed)
  }
  return {
    GetServiceCapabilities: () => {
      const says = `MoveStatus="${!faults.noMoveStatus}" StatusPosition="${!faults.noPosition}"`
      return `<tptz:GetServiceCapabilitiesResponse><tptz:Capabilities EFlip="false" Reverse="false" ${says}/></tptz:GetServiceCapabilitiesResponse>`
    },
    GetNodes: () => `<tptz:GetNodesResponse>${node(camera)}</tptz:GetNodesResponse>`,
    GetNode: () => `<tptz:GetNodeResponse>${node(camera)}</tptz:GetNodeResponse>`,
    GetConfigurations: () =>
      `<tptz:GetConfigurationsResponse>${configuration('tptz:PTZConfiguration', !faults.noAbsoluteMove, TIMEOUT_MS)}</tptz:GetConfigurationsResponse>`,
    GetConfigurationOptions: () =>
      `<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions><tt:Spaces>${spaces(!faults.noAbsoluteMove)}</tt:Spaces>` +
      '<tt:PTZTimeout><tt:Min>PT0.1S</tt:Min><tt:Max>PT60S</tt:Max></tt:PTZTimeout>' +
      '</tptz:PTZConfigurationOptions></tptz:GetConfigurationOptionsResponse>',
    GetStatus: request => {
      known(request.word('ProfileToken'))
      const { panTilt, zoom } = camera.head.moving(now())
      const word = (moving: boolean) => (moving && !faults.alwaysIdle ? 'MOVING' : 'IDLE')
      const position = faults.noPosition ? '' : `<tt:Position>${place(camera.head.at(now()))}</tt:Position>`
      const status = `<tt:MoveStatus><tt:PanTilt>${word(panTilt)}</tt:PanTilt><tt:Zoom>${word(zoom)}</tt:Zoom></tt:MoveStatus>`
      const time = `<tt:UtcTime>${new Date(camera.clock()).toISOString()}</tt:UtcTime>`
      return `<tptz:GetStatusResponse><tptz:PTZStatus>${position}${faults.noMoveStatus ? '' : status}${time}</tptz:PTZStatus></tptz:GetStatusResponse>`
    },
    AbsoluteMove: request => {
      known(request.word('ProfileToken'))
      if (faults.noAbsoluteMove) throw new SoapFault(['ter:ActionNotSupported'], 'Action not supported', 500)
      const to = vector(request, 'Position')
      if (Object.entries(to).some(([axis, value]) => value > 1 || value < (axis === 'zoom' ? 0 : -1))) {
        throw new SoapFault(['ter:InvalidArgVal', 'ter:InvalidPosition'], 'The requested position is out of bounds')
      }
      goTo(to, vector(request, 'Speed'))
      return '<tptz:AbsoluteMoveResponse/>'
    },
    RelativeMove: request => {
      known(request.word('ProfileToken'))
      camera.head.shift(now(), vector(request, 'Translation'), vector(request, 'Speed'))
      return '<tptz:RelativeMoveResponse/>'
    },
    ContinuousMove: request => {
      known(request.word('ProfileToken'))
      camera.head.drive(now(), vector(request, 'Velocity'), duration(request.word('Timeout')) ?? TIMEOUT_MS)
      return '<tptz:ContinuousMoveResponse/>'
    },
    Stop: request => {
      known(request.word('ProfileToken'))
      const wanted = (name: string) => request.word(name) !== 'false'
      camera.head.stop(now(), { panTilt: wanted('PanTilt'), zoom: wanted('Zoom') })
      return '<tptz:StopResponse/>'
    },
    GetPresets: request => {
      known(request.word('ProfileToken'))
      return presets.list()
    },
    SetPreset: request => {
      known(request.word('ProfileToken'))
      const token = presets.save(request.word('PresetName'), camera.head.at(now()), request.word('PresetToken'))
      return `<tptz:SetPresetResponse><tptz:PresetToken>${token}</tptz:PresetToken></tptz:SetPresetResponse>`
    },
    GotoPreset: request => {
      known(request.word('ProfileToken'))
      goTo(presets.find(request.word('PresetToken')).at, vector(request, 'Speed'))
      return '<tptz:GotoPresetResponse/>'
    },
    RemovePreset: request => {
      known(request.word('ProfileToken'))
      presets.remove(request.word('PresetToken'))
      return '<tptz:RemovePresetResponse/>'
    },
    GotoHomePosition: request => {
      known(request.word('ProfileToken'))
      goTo(HOME, vector(request, 'Speed'))
      return '<tptz:GotoHomePositionResponse/>'
    },
  }
}

function node({ presets, faults }: Camera): string {
  return (
    '<tptz:PTZNode token="node_1" FixedHomePosition="true"><tt:Name>Head</tt:Name>' +
    `<tt:SupportedPTZSpaces>${spaces(!faults.noAbsoluteMove)}</tt:SupportedPTZSpaces>` +
    `<tt:MaximumNumberOfPresets>${presets.slots}</tt:MaximumNumberOfPresets><tt:HomeSupported>true</tt:HomeSupported></tptz:PTZNode>`
  )
}

/** xs:duration, as far as seconds: `PT0.5S`. */
function duration(text: string | undefined): number | undefined {
  const found = /^PT(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text ?? '')
  return found ? (Number(found[1] ?? 0) * 60 + Number(found[2] ?? 0)) * 1_000 : undefined
}
