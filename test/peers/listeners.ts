import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A socket that waits for somebody from outside its process. */
export interface Listener {
  pid: number
  kind: 'tcp' | 'udp'
  /** As the kernel has it: 127.0.0.1, 0.0.0.0, ::, … */
  address: string
  port: number
}

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const
/** proc(5): TCP_LISTEN, and for UDP (without connections) TCP_CLOSE. */
const WAITS = { tcp: '0A', udp: '07' }

/** What these processes listen on, by the kernel's own tables. UDP sockets with a port count, for anybody can send to them. */
export function listenersOf(pids: number[]): Listener[] {
  const owners = new Map(pids.flatMap(pid => inodesOf(pid).map(inode => [inode, pid] as const)))
  return TABLES.flatMap(table => {
    const kind = table.startsWith('tcp') ? 'tcp' : 'udp'
    return rowsOf(table).flatMap(([, local = '', , state, , , , , , inode = '']) => {
      const pid = owners.get(inode)
      const [address = '', port = ''] = local.split(':')
      return pid !== undefined && state === WAITS[kind]
        ? [{ pid, kind, address: addressOf(address), port: Number.parseInt(port, 16) } as const]
        : []
    })
  })
}

const rowsOf = (table: string): string[][] =>
  readFileSync(`/proc/net/${table}`, 'utf8')
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))

function inodesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(fd => inodeOf(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}

function inodeOf(link: string): string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.slice(1) ?? []
  } catch {
    return []
  }
}

/** The kernel prints words of 32 bits in the machine's own order: little-endian on all that we run on. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? []
  const bytes = words.flatMap(word => [...Buffer.from(word, 'hex').reverse()])
  if (bytes.length === 4) return bytes.join('.')
  return bytes.every(byte => byte === 0) ? '::' : Buffer.from(bytes).toString('hex')
}
