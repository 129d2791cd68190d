import { asErrorCode, VistterError } from '../../../contract/errors.ts'
import type { DriverAnswer, DriverAsk, DriverCommand } from '../../../contract/flow.ts'
import type { WiredDriver } from '../../../contract/generated/wiring.v1.ts'
import { within } from '../../../lib/clock.ts'
import type { PtzCapabilities, PtzDriver, PtzPosition, PtzPreset, PtzVelocity } from '../ptz/driver.ts'
import { positionIn, presetsIn, tokenIn } from './values.ts'

/** The promise of every driver (ms); the node gives up a little earlier, and knows better what it waited for. */
const ANSWER_MS = 5_000

type Ask = (ask: DriverAsk) => Promise<DriverAnswer>

/** A camera that the flow moves: each command is a message to it, and what comes back is checked like any input from outside. */
export class FlowDriver implements PtzDriver {
  private readonly wired: WiredDriver
  private readonly send: Ask
  /** A move was begun, and no stop has got through since. */
  private running = false

  /** `send` rejects when there is no flow to ask. */
  constructor(wired: WiredDriver, send: Ask) {
    this.wired = wired
    this.send = send
  }

  /** The flow is there, and so is the camera, as far as it can be asked. One that was left moving is stopped. */
  async connect(): Promise<void> {
    await this.ask('connect')
    if (this.running) await this.stop()
    if (this.wired.position) await this.position()
    else if (this.wired.moveStatus) await this.moving()
  }

  get capabilities(): PtzCapabilities {
    const { absolute, continuous, moveStatus, presets } = this.wired
    return { absolute, continuous, moveStatus, presets, relative: false, home: false }
  }

  async position(): Promise<PtzPosition> {
    this.can('position', 'It does not say where it looks.')
    return positionIn(await this.ask('position'))
  }

  async moving(): Promise<boolean | undefined> {
    if (!this.wired.moveStatus) return undefined
    const moving = await this.ask('moving')
    if (typeof moving === 'boolean') return moving
    throw new VistterError('PTZ_BAD_ANSWER', 'What the flow says of its moving is neither true nor false.')
  }

  async move({ pan, tilt, zoom }: PtzVelocity): Promise<void> {
    this.can('continuous', 'It cannot be steered.')
    this.running = true
    await this.ask('move', { pan, tilt, zoom })
  }

  async stop(): Promise<void> {
    if (!this.wired.continuous) return
    await this.ask('stop')
    this.running = false
  }

  async goTo({ pan, tilt, zoom }: PtzPosition): Promise<void> {
    this.can('absolute', 'It goes to no positions.')
    await this.ask('goTo', { pan, tilt, zoom })
    this.running = false
  }

  async presets(): Promise<PtzPreset[]> {
    this.can('presets', 'It keeps no presets.')
    return presetsIn(await this.ask('presets'))
  }

  async savePreset(name: string): Promise<string> {
    this.can('presets', 'It keeps no presets.')
    return tokenIn(await this.ask('savePreset', { name }))
  }

  async recall(token: string): Promise<void> {
    this.can('presets', 'It keeps no presets.')
    await this.ask('recall', { token })
    this.running = false
  }

  async removePreset(token: string): Promise<void> {
    this.can('presets', 'It keeps no presets.')
    await this.ask('removePreset', { token })
  }

  private can(ability: 'position' | 'continuous' | 'absolute' | 'presets', otherwise: string): void {
    if (!this.wired[ability]) throw new VistterError('PTZ_UNSUPPORTED', otherwise)
  }

  private async ask(command: DriverCommand, params: DriverAsk['params'] = {}): Promise<unknown> {
    const { camera } = this.wired
    const late = `The flow that moves the camera did not answer ${command}.`
    const answer = await within(ANSWER_MS, late, this.send({ camera, command, params })).catch((thrown: unknown) => {
      throw thrown instanceof VistterError ? thrown : new VistterError('PTZ_TIMEOUT', late)
    })
    if ('value' in answer) return answer.value
    const { code, detail } = answer.fault
    // A flow may say what it likes: a code that is not about cameras is none.
    const known = code.startsWith('PTZ_') ? asErrorCode(code) : undefined
    throw new VistterError(known ?? 'PTZ_REFUSED', detail)
  }
}
