import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SoapDeviceOptions {
  username?: string
  password?: string
  /** ms by which its clock is ahead. */
  skew?: number
  host?: string
  port?: number
}

type Reply = string | ((request: IncomingMessage, response: ServerResponse, body: string) => unknown)

/**
 * An ONVIF device that says what a test puts into its mouth, to try readers of answers. `replies` go by the name of the
 * operation: the inside of the SOAP body, or a function that does with the connection whatever it likes.
 */
export class SoapDevice {
  readonly replies = new Map<string, Reply>(Object.entries(REPLIES))
  /** Names of operations, in the order in which they came, and their bodies. */
  readonly asked: { name: string; body: string }[] = []
  options: SoapDeviceOptions
  private readonly server: Server

  constructor(options: SoapDeviceOptions = {}) {
    this.options = options
    this.server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', piece => pieces.push(piece))
      request.on('end', () => this.answer(request, response, Buffer.concat(pieces).toString('utf8')))
      response.on('error', () => {})
    })
  }

  get target() {
    const { username, password, host = '127.0.0.1' } = this.options
    return {
      host,
      port: this.port,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    }
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  start(): Promise<this> {
    const { host = '127.0.0.1', port = 0 } = this.options
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(port, host, () => resolve(this))
    })
  }

  stop(): Promise<void> {
    return new Promise(resolve => {
      this.server.close(() => resolve())
      this.server.closeAllConnections()
    })
  }

  private answer(request: IncomingMessage, response: ServerResponse, body: string): unknown {
    const name = /<s:Body[^>]*><(\w+)/.exec(body)?.[1] ?? ''
    this.asked.push({ name, body })
    if (name !== 'GetSystemDateAndTime' && !this.trusts(body))
      return respond(response, 400, faultWith('ter:NotAuthorized'))
    if (name === 'GetSystemDateAndTime' && !this.replies.has(name)) return respond(response, 200, this.time())
    const reply = this.replies.get(name)
    if (typeof reply === 'function') return reply(request, response, body)
    if (reply === undefined) return respond(response, 400, faultWith('ter:ActionNotSupported'))
    return respond(
      response,
      reply.includes(':Fault>') ? 500 : 200,
      reply.replaceAll('HOST', `192.168.77.1:${this.port}`),
    )
  }

  private trusts(body: string): boolean {
    const { username, password = '' } = this.options
    if (username === undefined) return true
    const read = (tag: string) => new RegExp(`<${tag}[^>]*>([^<]*)</${tag}>`).exec(body)?.[1] ?? ''
    const fresh = Math.abs(Date.parse(read('Created')) - this.now()) <= 5_000
    const nonce = Buffer.from(read('Nonce'), 'base64')
    const digest = createHash('sha1').update(nonce).update(read('Created')).update(password).digest('base64')
    const name = read('Username').replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&apos;', "'")
    const same = name.replaceAll('&gt;', '>').replaceAll('&amp;', '&') === username
    return fresh && same && digest === read('Password')
  }

  private now(): number {
    return Date.now() + (this.options.skew ?? 0)
  }

  private time(): string {
    const [year, month, day, hour, minute, second] = new Date(this.now()).toISOString().split(/\D/)
    return (
      '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime>' +
      `<tt:Time><tt:Hour>${hour}</tt:Hour><tt:Minute>${minute}</tt:Minute><tt:Second>${second}</tt:Second></tt:Time>` +
      `<tt:Date><tt:Year>${year}</tt:Year><tt:Month>${month}</tt:Month><tt:Day>${day}</tt:Day></tt:Date>` +
      '</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>'
    )
  }
}

export const faultWith = (subcode: string): string =>
  `<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>${subcode}` +
  '</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">No</SOAP-ENV:Text>' +
  '</SOAP-ENV:Reason></SOAP-ENV:Fault>'

export const envelope = (inside: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" ' +
  'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" ' +
  'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl">' +
  `<SOAP-ENV:Body>${inside}</SOAP-ENV:Body></SOAP-ENV:Envelope>`

export function respond(response: ServerResponse, status: number, inside: string): void {
  response.writeHead(status, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(envelope(inside))
}

const service = (namespace: string, path: string): string =>
  `<tds:Service><tds:Namespace>http://www.onvif.org/${namespace}/wsdl</tds:Namespace>` +
  `<tds:XAddr>http://HOST/onvif/${path}</tds:XAddr></tds:Service>`

const profile = (token: string, name: string, [width, height]: [number, number], ptz: boolean): string =>
  `<trt:Profiles token="${token}" fixed="true"><tt:Name>${name}</tt:Name><tt:VideoEncoderConfiguration token="e${token}">` +
  `<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>` +
  '<tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit></tt:RateControl></tt:VideoEncoderConfiguration>' +
  `${ptz ? '<tt:PTZConfiguration token="p"><tt:NodeToken>n</tt:NodeToken></tt:PTZConfiguration>' : ''}</trt:Profiles>`

const range = (axis: string, min: number, max: number): string =>
  `<tt:${axis}><tt:Min>${min}</tt:Min><tt:Max>${max}</tt:Max></tt:${axis}>`

/** One space of a PTZ node. */
export const space = (kind: string, uri: string, x: [number, number], y?: [number, number]): string =>
  `<tt:${kind}><tt:URI>http://www.onvif.org/ver10/tptz/${uri}</tt:URI>${range('XRange', ...x)}${y ? range('YRange', ...y) : ''}</tt:${kind}>`

/** An answer to GetNodes with these spaces. */
export const nodes = (spaces: string): string =>
  `<tptz:GetNodesResponse><tptz:PTZNode token="n"><tt:Name>n</tt:Name><tt:SupportedPTZSpaces>${spaces}</tt:SupportedPTZSpaces>` +
  '<tt:MaximumNumberOfPresets>8</tt:MaximumNumberOfPresets><tt:HomeSupported>true</tt:HomeSupported></tptz:PTZNode></tptz:GetNodesResponse>'

const REPLIES: Record<string, string> = {
  GetServices: `<tds:GetServicesResponse>${service('ver10/device', 'device_service')}${service('ver10/media', 'media')}${service('ver20/ptz', 'ptz')}</tds:GetServicesResponse>`,
  GetDeviceInformation:
    '<tds:GetDeviceInformationResponse><tds:Manufacturer>Quay</tds:Manufacturer><tds:Model>Harbour 20x</tds:Model></tds:GetDeviceInformationResponse>',
  GetProfiles: `<trt:GetProfilesResponse>${profile('1.0', 'sub', [640, 360], true)}${profile('01', 'main', [1920, 1080], true)}</trt:GetProfilesResponse>`,
  GetStreamUri:
    '<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://192.168.77.1:8554/main?a=1&amp;b=2</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>',
  GetNodes: nodes(
    space('AbsolutePanTiltPositionSpace', 'PanTiltSpaces/PositionGenericSpace', [-1, 1], [-1, 1]) +
      space('AbsoluteZoomPositionSpace', 'ZoomSpaces/PositionGenericSpace', [0, 1]) +
      space('ContinuousPanTiltVelocitySpace', 'PanTiltSpaces/VelocityGenericSpace', [-1, 1], [-1, 1]) +
      space('ContinuousZoomVelocitySpace', 'ZoomSpaces/VelocityGenericSpace', [-1, 1]),
  ),
  GetStatus:
    '<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position><tt:PanTilt x="0.25" y="-0.5"/><tt:Zoom x="0.125"/></tt:Position>' +
    '<tt:MoveStatus><tt:PanTilt>IDLE</tt:PanTilt><tt:Zoom>MOVING</tt:Zoom></tt:MoveStatus></tptz:PTZStatus></tptz:GetStatusResponse>',
  GetPresets:
    '<tptz:GetPresetsResponse><tptz:Preset token="1"><tt:Name>Quay</tt:Name></tptz:Preset><tptz:Preset token="01"><tt:Name>Quay</tt:Name></tptz:Preset>' +
    '<tptz:Preset token="12345678901234567890"><tt:Name>true</tt:Name></tptz:Preset></tptz:GetPresetsResponse>',
  SetPreset: '<tptz:SetPresetResponse><tptz:PresetToken>007</tptz:PresetToken></tptz:SetPresetResponse>',
  GotoPreset: '<tptz:GotoPresetResponse/>',
  RemovePreset: '<tptz:RemovePresetResponse/>',
  AbsoluteMove: '<tptz:AbsoluteMoveResponse/>',
  ContinuousMove: '<tptz:ContinuousMoveResponse/>',
  Stop: '<tptz:StopResponse/>',
}
