import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { PATHS, scopes } from './device-service.ts'
import type { Camera } from './operations.ts'
import { SoapRequest, xml } from './soap.ts'

/** Where WS-Discovery (1.0, of April 2005) is spoken. */
export const WS_DISCOVERY = { group: '239.255.255.250', port: 3702 }
const SPACES = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  a: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  d: 'http://schemas.xmlsoap.org/ws/2005/04/discovery',
  dn: 'http://www.onvif.org/ver10/network/wsdl',
  tds: 'http://www.onvif.org/ver10/device/wsdl',
}

/** Answers who looks for cameras: on the camera's own address, and in the group where the machine lets it in. */
export class Discovery {
  /** Probes that came. */
  probes = 0
  private readonly camera: Camera
  private sockets: Socket[] = []

  constructor(camera: Camera) {
    this.camera = camera
  }

  async start(address: string, port: number = WS_DISCOVERY.port): Promise<void> {
    this.sockets = [await this.listen(address, port)]
    // Bound to the group's own address: so each of several cameras on one machine gets every probe.
    const inGroup = await this.listen(WS_DISCOVERY.group, WS_DISCOVERY.port).catch(() => undefined)
    if (!inGroup) return
    this.sockets.push(inGroup)
    try {
      inGroup.addMembership(WS_DISCOVERY.group, address)
    } catch {
      // No multicast here: what is sent to the camera itself still arrives.
    }
  }

  async stop(): Promise<void> {
    const closing = this.sockets.map(socket => new Promise<void>(resolve => socket.close(() => resolve())))
    this.sockets = []
    await Promise.all(closing)
  }

  private listen(address: string, port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket({ type: 'udp4', reuseAddr: true })
      socket.once('error', reject)
      socket.on('message', (message, from) => this.hear(String(message), from))
      socket.bind(port, address, () => {
        socket.off('error', reject)
        socket.on('error', () => {})
        resolve(socket)
      })
    })
  }

  private hear(message: string, from: RemoteInfo): void {
    const request = new SoapRequest(message)
    const { discovery } = this.camera.faults
    if (request.action !== 'Probe' || !isForCameras(request.word('Types'))) return
    this.probes++
    if (discovery === 'silent') return
    const right = this.match(request.word('MessageID') ?? '', discovery === 'printer')
    const answer = discovery === 'malformed' ? right.slice(0, right.length * 0.7) : right
    // From the camera's own address, also when the question went to the group.
    const times = discovery === 'three-times' ? 3 : 1
    for (let n = 0; n < times; n++) this.sockets[0]?.send(answer, from.port, from.address, () => {})
  }

  private match(question: string, isPrinter: boolean): string {
    const { camera } = this
    const spaces = Object.entries(SPACES).map(([prefix, uri]) => `xmlns:${prefix}="${uri}"`)
    const types = isPrinter ? 'wprt:PrintDeviceType' : 'dn:NetworkVideoTransmitter tds:Device'
    const header =
      `<a:MessageID>urn:uuid:${crypto.randomUUID()}</a:MessageID><a:RelatesTo>${xml(question)}</a:RelatesTo>` +
      `<a:To>${SPACES.a}/role/anonymous</a:To><a:Action>${SPACES.d}/ProbeMatches</a:Action>`
    const match =
      `<a:EndpointReference><a:Address>urn:uuid:${camera.serial}</a:Address></a:EndpointReference><d:Types>${types}</d:Types>` +
      `<d:Scopes>${xml(scopes(camera).join(' '))}</d:Scopes><d:XAddrs>${camera.origin}${PATHS.device}</d:XAddrs>` +
      '<d:MetadataVersion>1</d:MetadataVersion>'
    const body = `<d:ProbeMatches><d:ProbeMatch>${match}</d:ProbeMatch></d:ProbeMatches>`
    return (
      `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${spaces.join(' ')}>` +
      `<s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
    )
  }
}

const isForCameras = (types: string | undefined) =>
  !types || /(?:^|[\s:])(?:NetworkVideoTransmitter|Device)(?:\s|$)/.test(types)
