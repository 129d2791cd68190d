import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/**
 * Starts a child that cannot outlive this process: the kernel kills it when the parent dies, however the parent dies
 * (prctl(2), PR_SET_PDEATHSIG, by setpriv of util-linux, which then becomes the program itself, under the same pid).
 * An orphan that still publishes a stream or holds a camera's only session is the failure this prevents.
 */
export function spawnOwned(
  command: string,
  args: string[],
  options: SpawnOptions & { nice?: number } = {},
): ChildProcess {
  const { nice, ...rest } = options
  const polite = nice ? ['nice', '-n', String(nice)] : []
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...polite, command, ...args], rest)
}

/** The way a child ended, in words: FFmpeg leaves with 0 when a camera drops, so the code alone says nothing. */
export function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `killed by ${signal}` : `exited with code ${code}`
}
