import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A Unix socket path must fit sockaddr_un.sun_path: 108 bytes with its terminator (unix(7)). */
const LONGEST_SOCKET_PATH = 107

/** Where everything lives under the data folder; the three processes compute the same answer from the same setting. */
export interface Paths {
  data: string
  engineSocket: string
  engineMediaSocket: string
  controlSocket: string
  flowHostSocket: string
  database: string
  keyFile: string
  tls: string
  flows: string
  assets: string
  recordings: string
  /** Packages of segments. */
  segments: string
  /** Pictures of cameras' presets. */
  presets: string
  /** Pictures of what was on air, for proof of play. */
  evidence: string
  /** How fast this machine was measured to be. */
  speed: string
  /** What a crashed engine knew of its hardware. */
  hardware: string
}

export function pathsFor(dataFolder: string): Paths {
  const data = resolve(dataFolder)
  const sockets = socketFolder(data)
  return {
    data,
    engineSocket: join(sockets, 'engine.sock'),
    engineMediaSocket: join(sockets, 'media.sock'),
    controlSocket: join(sockets, 'control.sock'),
    flowHostSocket: join(sockets, 'flow-host.sock'),
    database: join(data, 'vistter.db'),
    keyFile: join(data, 'secret.key'),
    tls: join(data, 'tls'),
    flows: join(data, 'node-red'),
    assets: join(data, 'assets'),
    recordings: join(data, 'recordings'),
    segments: join(data, 'segments'),
    presets: join(data, 'presets'),
    evidence: join(data, 'evidence'),
    speed: join(data, 'speed.json'),
    hardware: join(data, 'hardware.json'),
  }
}

/** A data folder too deep for a socket name gets a short stand-in in the system's temporary folder, the same for every process. */
function socketFolder(data: string): string {
  const wanted = join(data, 'run')
  if (Buffer.byteLength(join(wanted, 'flow-host.sock')) <= LONGEST_SOCKET_PATH) return wanted
  return join(tmpdir(), `vistter-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`)
}

/** Makes the data folder and its private socket folder (mode 0700: only our own processes talk there). */
export function preparePaths(paths: Paths): void {
  mkdirSync(paths.data, { recursive: true, mode: 0o750 })
  mkdirSync(join(paths.engineSocket, '..'), { recursive: true, mode: 0o700 })
}
