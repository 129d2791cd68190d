import { randomUUID } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { sleep } from '../../../lib/clock.ts'
import { probeMessage, type Sighting, sightingsIn } from './ws-discovery.ts'

const ANY = '0.0.0.0'
const GROUP = '239.255.255.250'
/** A device answers each question once; the rest is noise or malice. */
const MOST_FROM_ONE = 32
const MOST_ANSWERS = 2_048
const MOST_BYTES = 16_384

export interface Questions {
  /** Addresses of this machine, one for each network. */
  interfaces: string[]
  /** Who is asked directly, because multicast ends at routers and container bridges. */
  addresses: string[]
  /** UDP, of the devices. */
  port: number
  /** For how long answers are waited for. */
  ms: number
  signal: AbortSignal
}

/** Each IPv4 address that this machine has, that of the loopback included. */
export const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap(list =>
    (list ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  )

/** Asks everybody on every network by WS-Discovery, and some by their address. Never fails: who cannot be asked is not found. */
export async function askNetworks({ interfaces, addresses, port, ms, signal }: Questions): Promise<Sighting[]> {
  const found: Sighting[] = []
  const heard = new Map<string, number>()
  let answers = 0
  const listener = (datagram: Buffer, { address }: { address: string }) => {
    const before = heard.get(address) ?? 0
    if (datagram.length > MOST_BYTES || before >= MOST_FROM_ONE || ++answers > MOST_ANSWERS) return
    heard.set(address, before + 1)
    found.push(...sightingsIn(datagram.toString('utf8'), address))
  }
  const networks = await Promise.all(interfaces.map(address => open(address, listener)))
  const direct = await open(ANY, listener)
  // Datagrams get lost, and some devices answer to one form only.
  const ask = (types: boolean) => {
    const message = probeMessage(randomUUID(), types)
    for (const socket of networks) say(socket, message, port, GROUP)
    for (const address of addresses) say(direct, message, port, address)
  }
  const pause = Math.min(700, ms / 4)
  for (const types of [true, false, true]) {
    ask(types)
    await sleep(pause, signal)
  }
  await sleep(ms - 3 * pause, signal)
  for (const socket of [...networks, direct]) socket?.close()
  return found
}

type Heard = (datagram: Buffer, from: { address: string }) => void

/** A socket on one of our networks; none where the address has just gone. */
function open(address: string, listener: Heard): Promise<Socket | undefined> {
  const socket = createSocket('udp4')
  socket.on('message', listener)
  const bound = new Promise<Socket>((resolve, reject) => {
    socket.on('error', reject)
    socket.bind({ address, port: 0 }, () => {
      if (address === ANY) return resolve(socket)
      try {
        socket.setMulticastInterface(address)
        resolve(socket)
      } catch (error) {
        reject(error)
      }
    })
  })
  return bound.catch(() => {
    socket.close()
    return undefined
  })
}

/** A network that carries no multicast refuses to send it: then nobody is there to be asked. */
function say(socket: Socket | undefined, message: string, port: number, to: string): void {
  socket?.send(message, port, to, () => {})
}
