import { applyPatch, type Operation as Step } from 'rfc6902'
import { apiBody } from '../../contract/api-body.ts'
import { VistterError } from '../../contract/errors.ts'
import type { Settings, SettingsPatch, SettingsVersion } from '../../contract/generated/openapi.v1.ts'
import type { ConfigPatch, PatchStep } from '../../contract/generated/studio.v1.ts'
import { mergePatchBetween } from '../../lib/merge-patch.ts'
import { checked, type Desk, STUDIO } from './acts/desk.ts'

interface Configuration {
  version: number
  settings: Settings
}

const checkPatch = apiBody<SettingsPatch>('SettingsPatch')
const SECRET = /\/(password|streamKey|secret|key)(\/|$)/i

/** The configuration for Studio: versions of the settings. Secrets are never in them, neither way. */
export class Config {
  private readonly desk: Desk

  constructor(desk: Desk) {
    this.desk = desk
  }

  async read(): Promise<Configuration> {
    const [latest] = await this.versions(1)
    return { version: latest?.version ?? 0, settings: await this.desk.ask<Settings>('getSettings') }
  }

  /** `begunAt`: it was begun before, and what Studio has changed since then was this. */
  async change({ patch, base, rollback }: ConfigPatch['data'], begunAt?: number): Promise<Configuration> {
    const [latest] = await this.versions(1)
    if (begunAt !== undefined && latest && isStudios(latest) && Date.parse(latest.time) >= begunAt) return this.read()
    const { version, settings } = await this.read()
    if (base !== undefined && base !== version)
      throw new VistterError('CONFLICT', `The configuration is version ${version} by now, not ${base}.`, {
        path: '/data/base',
      })
    const wanted = rollback === undefined ? patched(settings, patch) : await this.version(rollback)
    const change = checked('/data', checkPatch(mergePatchBetween(settings, wanted)))
    await this.desk.ask('changeSettings', {}, change)
    return this.read()
  }

  private async version(n: number): Promise<Settings> {
    const [found] = await this.versions(1, n + 1)
    if (found?.version === n) return found.settings
    throw new VistterError('NOT_FOUND', `There is no version ${n} of the configuration.`, { path: '/data/rollback' })
  }

  private versions(limit: number, before?: number): Promise<SettingsVersion[]> {
    return this.desk.ask('listSettingsVersions', {}, undefined, { limit, ...(before !== undefined && { before }) })
  }
}

const isStudios = ({ actor }: SettingsVersion): boolean => actor === STUDIO.name

function patched(settings: Settings, patch: PatchStep[] = []): Settings {
  const secret = patch.findIndex(({ path, from = '', value }) => SECRET.test(path) || SECRET.test(from) || holds(value))
  if (secret >= 0)
    throw new VistterError('BAD_REQUEST', 'Passwords and keys are set at the box itself, and not by way of Studio.', {
      path: `/data/patch/${secret}`,
    })
  const copy = structuredClone(settings)
  const faults = applyPatch(copy, patch as Step[])
  const at = faults.findIndex(fault => fault !== null)
  if (at >= 0)
    throw new VistterError('BAD_REQUEST', `Step ${at} of the patch does not fit: ${faults[at]?.message}.`, {
      path: `/data/patch/${at}`,
    })
  return copy
}

const holds = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([key, inner]) => SECRET.test(`/${key}`) || holds(inner))
