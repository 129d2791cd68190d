import type { Camera, Operations } from './operations.ts'
import { xml } from './soap.ts'

/** Operations that ask for no password (core specification 5.9.3, class PRE_AUTH). */
export const OPEN = ['GetSystemDateAndTime', 'GetServices', 'GetServiceCapabilities', 'GetCapabilities', 'GetHostname']

export const PATHS = { device: '/onvif/device_service', media: '/onvif/media_service', ptz: '/onvif/ptz_service' }

export const scopes = ({ name }: Camera): string[] =>
  ['type/video_encoder', 'type/ptz', 'Profile/Streaming', 'hardware/Virtual', `name/${encodeURIComponent(name)}`].map(
    scope => `onvif://www.onvif.org/${scope}`,
  )

/** ONVIF's device service. */
export function deviceService(camera: Camera): Operations {
  const service = (namespace: string, path: string) =>
    `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${camera.origin}${path}</tds:XAddr>` +
    '<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>'
  const XAddr = (path: string) => `<tt:XAddr>${camera.origin}${path}</tt:XAddr>`
  return {
    GetSystemDateAndTime: () => {
      const date = new Date(camera.clock())
      const time = `<tt:Hour>${date.getUTCHours()}</tt:Hour><tt:Minute>${date.getUTCMinutes()}</tt:Minute><tt:Second>${date.getUTCSeconds()}</tt:Second>`
      const day = `<tt:Year>${date.getUTCFullYear()}</tt:Year><tt:Month>${date.getUTCMonth() + 1}</tt:Month><tt:Day>${date.getUTCDate()}</tt:Day>`
      return (
        '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType>' +
        '<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone>' +
        `<tt:UTCDateTime><tt:Time>${time}</tt:Time><tt:Date>${day}</tt:Date></tt:UTCDateTime>` +
        '</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>'
      )
    },
    GetDeviceInformation: () =>
      '<tds:GetDeviceInformationResponse><tds:Manufacturer>Vistter</tds:Manufacturer>' +
      `<tds:Model>${xml(camera.name)}</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>` +
      `<tds:SerialNumber>${camera.serial}</tds:SerialNumber><tds:HardwareId>virtual</tds:HardwareId></tds:GetDeviceInformationResponse>`,
    GetServices: () =>
      `<tds:GetServicesResponse>${service('http://www.onvif.org/ver10/device/wsdl', PATHS.device)}` +
      service('http://www.onvif.org/ver10/media/wsdl', PATHS.media) +
      `${service('http://www.onvif.org/ver20/ptz/wsdl', PATHS.ptz)}</tds:GetServicesResponse>`,
    GetCapabilities: () =>
      `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device>${XAddr(PATHS.device)}</tt:Device>` +
      `<tt:Media>${XAddr(PATHS.media)}<tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast>` +
      '<tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>' +
      `<tt:PTZ>${XAddr(PATHS.ptz)}</tt:PTZ></tds:Capabilities></tds:GetCapabilitiesResponse>`,
    GetScopes: () => {
      const told = scopes(camera).map(
        scope => `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${xml(scope)}</tt:ScopeItem></tds:Scopes>`,
      )
      return `<tds:GetScopesResponse>${told.join('')}</tds:GetScopesResponse>`
    },
    GetHostname: () =>
      '<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>' +
      `<tt:Name>camera-${camera.serial}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>`,
  }
}
