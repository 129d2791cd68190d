import type { Faults } from './faults.ts'
import type { Position } from './head.ts'
import { SoapFault, xml } from './soap.ts'
import { place } from './vectors.ts'

const SLOTS = 128

interface Preset {
  name: string
  at: Position
}

/** What a camera remembers under its tokens. */
export class Presets {
  private readonly faults: Faults
  private readonly kept = new Map<string, Preset>()
  private made = 0

  constructor(faults: Faults) {
    this.faults = faults
  }

  get slots(): number {
    return this.faults.presetSlots ?? SLOTS
  }

  /** Answers the token; one that is given keeps its slot. */
  save(name: string | undefined, at: Position, token?: string): string {
    const known = token === undefined ? undefined : this.find(token)
    if (!known && this.kept.size >= this.slots) {
      throw new SoapFault(['ter:Action', 'ter:TooManyPresets'], 'Maximum number of presets reached', 500)
    }
    if (this.faults.plainNames && name !== undefined) this.admit(name, known)
    const under = token ?? this.newToken()
    this.kept.set(under, { name: name ?? known?.name ?? under, at })
    return under
  }

  find(token: string | undefined): Preset {
    const preset = this.kept.get(token ?? '')
    if (!preset) throw new SoapFault(['ter:InvalidArgVal', 'ter:NoToken'], 'The requested preset token does not exist')
    return preset
  }

  remove(token: string | undefined): void {
    this.find(token)
    this.kept.delete(token ?? '')
  }

  wipe(): void {
    this.kept.clear()
  }

  list(): string {
    const told = [...this.kept].map(([token, { name, at }]) => {
      const shown = xml(this.faults.presetName ?? name)
      const position = this.faults.noPosition ? '' : `<tt:PTZPosition>${place(at)}</tt:PTZPosition>`
      return `<tptz:Preset token="${xml(token)}"><tt:Name>${shown}</tt:Name>${position}</tptz:Preset>`
    })
    return `<tptz:GetPresetsResponse>${told.join('')}</tptz:GetPresetsResponse>`
  }

  private admit(name: string, but: Preset | undefined): void {
    const refuse = (subcode: string, reason: string) => new SoapFault(['ter:InvalidArgVal', subcode], reason)
    if (!/^[\w.-]{1,64}$/.test(name))
      throw refuse('ter:InvalidPresetName', 'The preset name contains invalid characters')
    const taken = [...this.kept.values()].some(preset => preset !== but && preset.name === name)
    if (taken) throw refuse('ter:PresetExist', 'The requested name already exist for another preset')
  }

  private newToken(): string {
    this.made++
    if (this.faults.tokens === 'number') return String(this.made)
    return this.faults.tokens === 'decimal' ? `${this.made}.10` : `Preset_${this.made}`
  }
}
