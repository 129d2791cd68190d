import { VistterError } from '../../../contract/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ANSWER_MS, type Bounds, Caller, type OnvifTarget } from './caller.ts'
import { type MediaProfile, profilesOf } from './profiles.ts'
import { escapeXml, response, text, type Xml } from './soap.ts'

export type { OnvifTarget } from './caller.ts'

type Send = Parameters<Caller['ask']>[0]

/** A camera's ONVIF services: who it is, and which pictures it offers. */
export class OnvifDevice {
  readonly caller: Caller
  /** Manufacturer and model, as people know it; empty where the camera says neither. */
  name = ''
  /** The largest picture first. */
  profiles: MediaProfile[] = []
  private readonly clock: Clock
  private readonly host: string

  constructor(target: OnvifTarget, clock: Clock) {
    this.caller = new Caller(target, clock)
    this.clock = clock
    this.host = target.host
  }

  /**
   * Clock, services, login, profiles, in this order and all together within the bound. The login is checked by a question
   * of its own, because cameras answer some others to everybody.
   */
  async connect({ ms = ANSWER_MS, signal }: Bounds = {}): Promise<void> {
    const until = this.clock.mono() + ms
    const bounds = (): Bounds => ({ ms: until - this.clock.mono(), signal })
    await this.caller.readClock(bounds())
    await this.findServices(bounds)
    this.name = nameOf(await this.caller.ask(done => this.caller.getDeviceInformation(done), bounds()))
    this.profiles = await this.readProfiles(bounds)
  }

  /** Asks, and once more with its clock read anew where the login is refused: a camera that restarts may begin in 1970. */
  async ask(send: Send, ms = ANSWER_MS): Promise<Xml> {
    const until = this.clock.mono() + ms
    const bounds = (): Bounds => ({ ms: until - this.clock.mono() })
    try {
      return await this.caller.ask(send, bounds())
    } catch (error) {
      if (!(error instanceof VistterError) || error.code !== 'PTZ_AUTH') throw error
      await this.caller.readClock(bounds())
      return this.caller.ask(send, bounds())
    }
  }

  /** Where a profile's picture is, without credentials. The camera's own idea of its host does not count behind a router. */
  async streamAddress(token: string, ms?: number): Promise<string> {
    const profileToken = escapeXml(token)
    const send: Send = done => this.caller.getStreamUri({ protocol: 'RTSP', profileToken }, done)
    const answer = response(await this.ask(send, ms), 'getStreamUriResponse')
    const said = text(answer, 'mediaUri', 'uri') ?? text(answer, 'uri')
    if (said === undefined || !/^rtsps?:/i.test(said) || !URL.canParse(said)) {
      throw new VistterError('PTZ_BAD_ANSWER', 'The camera does not say where its picture is.')
    }
    const address = new URL(said)
    const { port, pathname, search, protocol } = address
    const host = this.host.includes(':') ? `[${this.host}]` : this.host
    return `${protocol}//${host}${port && `:${port}`}${pathname}${search}`
  }

  /** The one of this token or name; without any, the one that can be moved and has the largest picture. */
  profile(wanted: string | undefined): MediaProfile | undefined {
    if (wanted === undefined) return this.profiles.find(({ ptz }) => ptz) ?? this.profiles[0]
    const found =
      this.profiles.find(({ token }) => token === wanted) ?? this.profiles.find(({ name }) => name === wanted)
    if (found) return found
    const known = this.profiles.map(({ name }) => name).join(', ') || 'none'
    throw new VistterError('CAMERA_NO_PROFILE', `The camera has no media profile ${wanted}; it has: ${known}.`)
  }

  private async findServices(bounds: () => Bounds): Promise<void> {
    const { caller } = this
    delete caller.uri
    const found = () => caller.uri?.media ?? caller.uri?.media2 ?? caller.uri?.ptz
    let refused = nothingNamed()
    const send: Send = done => caller.getServices(false, done)
    await caller.ask(send, bounds()).catch(error => {
      refused = error
    })
    if (found()) return
    // The first cameras had another question for it.
    await caller
      .ask(done => caller.getCapabilities(done), bounds())
      .catch(error => {
        throw refused.code === 'PTZ_UNSUPPORTED' || refused.code === 'PTZ_REFUSED' ? error : refused
      })
    if (!found()) throw nothingNamed()
  }

  private async readProfiles(bounds: () => Bounds): Promise<MediaProfile[]> {
    const { caller } = this
    const read = async () => profilesOf(await caller.ask(done => caller.getProfiles(done), bounds()))
    if (!caller.media2Support || !caller.uri?.media) return read()
    try {
      return await read()
    } catch {
      // Some announce the second media service without having it.
      caller.media2Support = false
      return read()
    }
  }
}

const nothingNamed = (): VistterError =>
  new VistterError('PTZ_BAD_ANSWER', 'The device names neither pictures nor movement among its services.')

function nameOf(body: Xml): string {
  const told = response(body, 'getDeviceInformationResponse')
  const [manufacturer = '', model = ''] = [text(told, 'manufacturer'), text(told, 'model')]
  const name = model.toLowerCase().startsWith(manufacturer.toLowerCase()) ? model : `${manufacturer} ${model}`
  return name
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 100)
}
