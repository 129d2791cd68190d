import { copyFileSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What an appliance finds out about its machine when it starts for the first time: how fast it is, and which hardware
 * encodes and decodes. That costs six seconds of a core, which a test that is about something else gives to what it is about.
 * Each file says for which processor, FFmpeg and start of the machine it holds, and the product heeds that.
 */
const FILES = ['speed.json', 'hardware.json']
const kept = join(import.meta.dirname, '..', '..', '.setup', 'machine')

/** Gives a data folder what an earlier appliance has found out. */
export function tellMachine(data: string): void {
  mkdirSync(data, { recursive: true, mode: 0o750 })
  for (const file of FILES) copied(join(kept, file), join(data, file))
}

/** The same for an engine in the test's own process: the file in `folder` that it is told. */
export function toldHardware(folder: string): string {
  tellMachine(folder)
  return join(folder, 'hardware.json')
}

/** Keeps what the appliance of this data folder has found out; before its orderly end, which takes some of it away. */
export function learnMachine(data: string): void {
  mkdirSync(kept, { recursive: true })
  for (const file of FILES) copied(join(data, file), join(kept, file))
}

/** Whole or not at all: others may read it just now. */
function copied(from: string, to: string): void {
  const half = `${to}.${process.pid}`
  try {
    copyFileSync(from, half)
    renameSync(half, to)
  } catch {
    // Not found out yet.
  }
}
