import type { SettingsPatch } from '../../contract/generated/openapi.v1.ts'
import type { Shelf } from '../ports.ts'

/** The settings that have a password, which they and their history must not show. */
const SEALED = ['proxy', 'upload'] as const
type Name = (typeof SEALED)[number]

/** Passwords of settings, kept apart and sealed. */
export class Passwords {
  private readonly shelf: Shelf<object>

  constructor(shelf: Shelf<object>) {
    this.shelf = shelf
  }

  of(name: Name): string | undefined {
    return this.shelf.find(name)?.secrets.password
  }

  /** As of() will answer once the patch is kept. */
  after(name: Name, patch: SettingsPatch): string | undefined {
    const part = patch[name]
    if (part === null) return undefined
    return part?.password === undefined ? this.of(name) : (part.password ?? undefined)
  }

  /** Keeps those of a patch; what is taken away takes its password along. Answers the paths that it changed. */
  async keep(patch: SettingsPatch): Promise<string[]> {
    const changed: string[] = []
    for (const name of SEALED) {
      if (patch[name] !== null && patch[name]?.password === undefined) continue
      const password = this.after(name, patch)
      if (password === undefined) await this.shelf.remove(name)
      else await this.shelf.write(name, () => ({ body: {}, secrets: { password } }))
      if (patch[name] !== null) changed.push(`/${name}/password`)
    }
    return changed
  }
}

/** What of a patch may be seen. */
export function withoutPasswords(patch: SettingsPatch): SettingsPatch {
  const seen: Record<string, unknown> = { ...patch }
  for (const name of SEALED) {
    const part = patch[name]
    if (!part) continue
    const { password: _, ...shown } = part
    seen[name] = shown
  }
  return seen
}
