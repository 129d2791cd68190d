import { spawnSync } from 'node:child_process'
import { spawnOwned } from '../../../runtime/lib/child.ts'
import { newId } from '../../../runtime/lib/ids.ts'
import { cpuSeconds, processesWith } from '../../peers/processes.ts'
import type { RtspCamera } from '../../peers/rtsp-camera.ts'
import { until } from '../../peers/run.ts'

/** What each of them has to do. */
export interface Show {
  /** The first one is on air, the others are decoded and ready to be taken. */
  cameras: RtspCamera[]
  layers: Layer[]
  /** Where the platform takes the stream, and under which key. */
  url: string
  key: string
  /** For whatever the tool wants to write. */
  folder: string
}

/** A picture with alpha, its top left corner on the program. */
export interface Layer {
  file: string
  x: number
  y: number
}

/** A program that can make the show. */
export interface Tool {
  name: string
  /** Its programs and plugins that are not here: empty when it can run. */
  lacks(): string[]
  /** What brings them. */
  packages: string[]
  version(): string
  start(show: Show): Promise<Performer>
}

/** A running tool. */
export interface Performer {
  /** CPU seconds of all its processes so far. */
  cpu(): number
  /** CPU seconds of what it needs and another machine would not run (a display server). */
  aside?(): number
  stop(): Promise<void>
}

export const onPath = (program: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0

/** The first number of three parts in what a program says about its version. */
export const versionOf = (program: string, argument: string): string =>
  /\d+\.\d+\.\d+/.exec(spawnSync(program, [argument], { encoding: 'utf8' }).stdout ?? '')?.[0] ?? '?'

/** Starts a program whose processes, all of them, are counted and ended by a mark in their environment. */
export function perform(command: string, args: string[], env: Record<string, string> = {}): Performer {
  const mark = newId()
  const child = spawnOwned(command, args, {
    env: { ...process.env, ...env, VISTTER_BENCH: mark },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', data => {
    said = (said + String(data)).slice(-2_000)
  })
  child.once('exit', code => {
    // A kill is ours; what ends by itself has a reason worth reading.
    if (code !== null) process.stderr.write(`${command} left with ${code}\n${said}\n`)
  })
  const processes = () => processesWith(`VISTTER_BENCH=${mark}`)
  return {
    cpu: () => processes().reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    stop: async () => {
      for (const { pid } of processes()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It ended by itself meanwhile.
        }
      }
      await until(`${command} ended`, () => processes().length === 0)
    },
  }
}
