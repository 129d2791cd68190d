import { randomBytes } from 'node:crypto'
import { VistterError } from '../../../contract/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { PtzCapabilities, PtzDriver, PtzPosition, PtzPreset, PtzVelocity } from '../ptz/driver.ts'
import { ANSWER_MS } from './caller.ts'
import { OnvifDevice, type OnvifTarget } from './device.ts'
import { limited, moveTo, movingOf, nodeOf, type PtzNode, positionOf } from './ptz-node.ts'
import { all, attribute, escapeXml, response, text, type Xml } from './soap.ts'
import { AROUND } from './spaces.ts'

export interface OnvifDriverTarget extends OnvifTarget {
  /** Token or name of the media profile; without it the best one that can be moved. */
  profile?: string
}

/**
 * How long a camera moves on by itself when this box falls silent in the middle of a move. Whoever moves it renews sooner
 * and stops earlier; below a second, cameras round it to nothing.
 */
const ALONE_MS = 1_000

/** A camera that is moved over ONVIF. */
export class OnvifDriver implements PtzDriver {
  readonly device: OnvifDevice
  private readonly clock: Clock
  private readonly wanted: string | undefined
  private known: { token: string; node: PtzNode; status: boolean; moveStatus: boolean } | undefined

  constructor({ profile, ...target }: OnvifDriverTarget, clock: Clock) {
    this.device = new OnvifDevice(target, clock)
    this.clock = clock
    this.wanted = profile
  }

  async connect(signal?: AbortSignal): Promise<void> {
    const until = this.clock.mono() + ANSWER_MS
    const bounds = () => ({ ms: until - this.clock.mono(), signal })
    const { device } = this
    await device.connect(bounds())
    const profile = device.profile(this.wanted)
    const { caller } = device
    if (!profile?.ptz || !caller.uri?.ptz) throw fixed()
    const node = nodeOf(await caller.ask(done => caller.getNodes(done), bounds()), profile.ptz.node)
    if (!node) throw fixed()
    const token = escapeXml(profile.token)
    const asked = caller.ask(done => caller.getStatus({ profileToken: token }, done), bounds())
    const status = await asked.catch((error: VistterError) => {
      if (error.code !== 'PTZ_UNSUPPORTED') throw error
    })
    const moveStatus = status !== undefined && movingOf(status) !== undefined
    this.known = { token, node, status: status !== undefined, moveStatus }
  }

  get capabilities(): PtzCapabilities {
    const { node, moveStatus } = this.connected()
    const { absolute, relative, continuous, presets, home } = node
    return { absolute, relative, continuous, presets, home, moveStatus }
  }

  async position(): Promise<PtzPosition> {
    const { node } = this.connected()
    const [told] = all(response(await this.status(), 'getStatusResponse'), 'PTZStatus', 'position')
    const position = positionOf(told, node)
    if (!position) throw new VistterError('PTZ_UNSUPPORTED', 'The camera does not say where it looks.')
    return position
  }

  async moving(): Promise<boolean | undefined> {
    return this.connected().status ? movingOf(await this.status()) : undefined
  }

  async move({ pan, tilt, zoom }: PtzVelocity): Promise<void> {
    const { token: profileToken, node } = this.connected()
    if (!node.continuous) throw new VistterError('PTZ_UNSUPPORTED', 'The camera only goes to positions.')
    if (pan === 0 && tilt === 0 && zoom === 0) return this.stop()
    // Each axis every time: what is left out may go on as before.
    const speed = { x: limited(pan, AROUND), y: limited(tilt, AROUND), zoom: limited(zoom, AROUND) }
    const only = { onlySendPanTilt: !node.moves.zoom, onlySendZoom: !node.moves.panTilt }
    const { caller } = this.device
    // A copy for each try: the library writes into it.
    await this.device.ask(done => caller.continuousMove({ profileToken, ...speed, ...only, timeout: ALONE_MS }, done))
  }

  async stop(): Promise<void> {
    const { token: profileToken } = this.connected()
    const { caller } = this.device
    await this.device.ask(done => caller.stop({ profileToken, panTilt: true, zoom: true }, done))
  }

  async goTo(position: PtzPosition): Promise<void> {
    const { token: profileToken, node } = this.connected()
    if (!node.absolute) throw new VistterError('PTZ_UNSUPPORTED', 'The camera cannot be sent to a position.')
    const { caller } = this.device
    await this.device.ask(done => caller.absoluteMove({ profileToken, ...moveTo(position, node) }, done))
  }

  async presets(): Promise<PtzPreset[]> {
    const { token: profileToken, node } = this.connected()
    const { caller } = this.device
    const answer = await this.device.ask(done => caller.getPresets({ profileToken }, done))
    return all(response(answer, 'getPresetsResponse'), 'preset').flatMap(preset => {
      const token = attribute(preset, 'token')
      if (token === undefined || token === '') return []
      const position = positionOf(all(preset, 'PTZPosition')[0], node)
      return [{ token, name: text(preset, 'name') ?? token, ...(position && { position }) }]
    })
  }

  /** Some know only plain names, and none twice: what it is called on the camera matters to nobody else. */
  async savePreset(name: string): Promise<string> {
    try {
      return await this.saveAs(name)
    } catch (thrown) {
      if (!(thrown instanceof VistterError) || thrown.code !== 'PTZ_REFUSED') throw thrown
      return this.saveAs(plainName(name))
    }
  }

  private async saveAs(name: string): Promise<string> {
    const { token: profileToken } = this.connected()
    const { caller } = this.device
    const answer = await this.device.ask(done => caller.setPreset({ profileToken, presetName: escapeXml(name) }, done))
    const token = text(response(answer, 'setPresetResponse'), 'presetToken')
    if (token === undefined)
      throw new VistterError('PTZ_BAD_ANSWER', 'The camera does not say how it calls the preset.')
    return token
  }

  async recall(token: string): Promise<void> {
    const { token: profileToken } = this.connected()
    const { caller } = this.device
    await this.device.ask(done => caller.gotoPreset({ profileToken, preset: escapeXml(token) }, done))
  }

  async removePreset(token: string): Promise<void> {
    const { token: profileToken } = this.connected()
    const { caller } = this.device
    await this.device.ask(done => caller.removePreset({ profileToken, presetToken: escapeXml(token) }, done))
  }

  private status(): Promise<Xml> {
    const { token: profileToken } = this.connected()
    const { caller } = this.device
    return this.device.ask(done => caller.getStatus({ profileToken }, done))
  }

  private connected() {
    if (this.known) return this.known
    throw new VistterError('PTZ_UNREACHABLE', 'The camera has not been reached yet.')
  }
}

/** Letters without their marks, digits and dashes, and something that no other has. */
function plainName(name: string): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '')
  const plain = letters.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')
  const own = randomBytes(2).toString('hex')
  return `${plain.slice(0, 24) || 'Preset'}-${own}`
}

const fixed = (): VistterError => new VistterError('PTZ_UNSUPPORTED', 'The camera has no PTZ: it cannot be moved.')
