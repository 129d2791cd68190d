import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Hardware as Found } from '../../contract/generated/engine.v1.ts'

/** Another one after each start of the machine. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/**
 * What was found out about hardware, left for the successor of an engine that crashes: viewers wait for it, and nobody has
 * changed a driver meanwhile. An orderly end takes it away, so whoever restarts the service has everything tried anew.
 */
export class Keepsake {
  private readonly file: string | undefined

  /** Without a file nothing is kept. */
  constructor(file: string | undefined) {
    this.file = file
  }

  read(): Found | undefined {
    if (!this.file) return undefined
    try {
      const { boot, encoders, decoders } = JSON.parse(readFileSync(this.file, 'utf8')) as Partial<
        Found & { boot: string }
      >
      return boot === bootId() && encoders && decoders ? { encoders, decoders } : undefined
    } catch {
      // None was left, or its writer crashed in the middle.
      return undefined
    }
  }

  write(found: Found): void {
    try {
      if (this.file) writeFileSync(this.file, `${JSON.stringify({ boot: bootId(), ...found })}\n`)
    } catch {
      // A full disk: then the successor tries everything itself.
    }
  }

  forget(): void {
    if (this.file) rmSync(this.file, { force: true })
  }
}

const bootId = (): string => readFileSync(BOOT_ID, 'utf8').trim()
