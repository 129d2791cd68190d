import { VistterError } from '../../contract/errors.ts'
import type { HttpProxy } from '../../contract/generated/engine.v1.ts'
import type {
  Settings as SettingsBody,
  SettingsPatch,
  SettingsVersion,
  Upload,
} from '../../contract/generated/openapi.v1.ts'
import { type Clock, rfc3339 } from '../../lib/clock.ts'
import { differences, jsonPatch, mergePatch } from '../../lib/merge-patch.ts'
import { type Operations, operation, type Recorder, type Shelf, type Sql } from '../ports.ts'
import { Passwords, withoutPasswords } from './passwords.ts'
import { completeUpload } from './upload.ts'

const DEFAULTS: SettingsBody = {
  timezone: 'UTC',
  locationName: '',
  locale: 'en-US',
  tokens: {},
  slateAfterMs: 2_000,
  readinessMs: 30_000,
  program: { width: 1_920, height: 1_080, fps: 30 },
  recordings: { quotaGb: 20, keepDays: 0 },
  assets: { quotaGb: 2 },
  segments: { keys: [], signedOnly: false, mediaFolder: '/media' },
  privateAssetHosts: [],
  checkPresets: true,
}

interface Row {
  version: number
  settings: string
  changed_at: number
  changed_by: string
}

interface Deps {
  sql: Sql
  /** Passwords, which settings and their history must not show. */
  secrets: Shelf<object>
  clock: Clock
  record: Recorder
  changed(): Promise<void>
}

/** The settings of the appliance; every change is a new version, and none is forgotten. */
export class Settings {
  private now: SettingsBody = DEFAULTS
  private readonly passwords: Passwords
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
    this.passwords = new Passwords(deps.secrets)
  }

  async load(): Promise<void> {
    const row = await this.deps.sql.get<Row>('SELECT * FROM settings_versions ORDER BY version DESC LIMIT 1')
    if (row) this.now = { ...DEFAULTS, ...JSON.parse(row.settings) }
  }

  get current(): SettingsBody {
    return this.now
  }

  /** With its password in clear: for the engine only. */
  get proxy(): HttpProxy | undefined {
    const { proxy } = this.now
    const password = this.passwords.of('proxy')
    return proxy && { ...proxy, ...(password && { password }) }
  }

  /** With its password in clear: for who uploads. */
  get upload(): (Upload & { password?: string }) | undefined {
    const { upload } = this.now
    const password = this.passwords.of('upload')
    return upload && { ...upload, ...(password && { password }) }
  }

  async change(patch: SettingsPatch, actor: string): Promise<SettingsBody> {
    const before = this.now
    const after = await this.deps.sql.transaction(async sql => {
      const { upload, ...rest } = withDefaults(mergePatch(this.now, withoutPasswords(patch)))
      const merged = { ...rest, ...completeUpload(upload, this.passwords.after('upload', patch) !== undefined) }
      refuseUnknownNames(merged)
      if (differences(this.now, merged).length > 0) {
        await sql.run(
          `INSERT INTO settings_versions (version, settings, changed_at, changed_by)
           VALUES ((SELECT coalesce(max(version), 0) + 1 FROM settings_versions), ?, ?, ?)`,
          JSON.stringify(merged),
          this.deps.clock.now(),
          actor,
        )
      }
      return merged
    })
    // Only now: a commit may still find no room, and then nothing has changed.
    this.now = after
    const different = differences(before, after)
    const paths = [...different.map(({ path }) => path), ...(await this.passwords.keep(patch))]
    if (paths.length > 0) {
      const message = `Settings were changed: ${paths.map(path => path.slice(1)).join(', ')}.`
      const [latest] = await this.versions(1)
      const data = { paths, version: latest?.version ?? 0, patch: jsonPatch(different) }
      this.deps.record({ type: 'settings.changed', severity: 'info', message, actor, data })
      await this.deps.changed()
    }
    return after
  }

  operations(): Operations {
    return {
      getSettings: operation(() => this.now),
      changeSettings: operation<SettingsPatch>(({ body, actor }) => this.change(body, actor.name)),
      listSettingsVersions: operation<undefined, { limit: number; before?: number }>(({ query }) =>
        this.versions(query.limit, query.before),
      ),
      diffSettings: operation(({ params }) => this.diff(Number(params.n))),
    }
  }

  private async versions(limit: number, before = Number.MAX_SAFE_INTEGER): Promise<SettingsVersion[]> {
    const rows = await this.deps.sql.all<Row>(
      'SELECT * FROM settings_versions WHERE version < ? ORDER BY version DESC LIMIT ?',
      before,
      limit,
    )
    return rows.map(row => ({
      version: row.version,
      time: rfc3339(row.changed_at),
      actor: row.changed_by,
      settings: { ...DEFAULTS, ...JSON.parse(row.settings) },
    }))
  }

  /** What version `n` changed against the one before it; the first one against what was there from the start. */
  private async diff(n: number) {
    const [after, before] = await this.versions(2, n + 1)
    if (after?.version !== n) throw new VistterError('NOT_FOUND', `There is no version ${n} of the settings.`)
    return differences(before?.settings ?? DEFAULTS, after.settings)
  }
}

/** A patch with null takes a member away: what was there from the start comes back. */
function withDefaults(settings: SettingsBody): SettingsBody {
  return {
    ...DEFAULTS,
    ...settings,
    program: { ...DEFAULTS.program, ...settings.program },
    recordings: { ...DEFAULTS.recordings, ...settings.recordings },
    assets: { ...DEFAULTS.assets, ...settings.assets },
    segments: { ...DEFAULTS.segments, ...settings.segments },
  }
}

function refuseUnknownNames({ timezone, locale }: SettingsBody): void {
  if (!accepts(() => new Intl.DateTimeFormat('en', { timeZone: timezone })))
    throw new VistterError('BAD_REQUEST', `/timezone: "${timezone}" is not a time zone, such as Europe/Berlin.`)
  if (!accepts(() => Intl.getCanonicalLocales(locale)))
    throw new VistterError('BAD_REQUEST', `/locale: "${locale}" is not a language tag, such as en-US.`)
}

function accepts(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
