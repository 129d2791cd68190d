import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { VistterError } from '../../contract/errors.ts'

const TRIES_MS = [0, 500, 1_500]
const GIVE_UP_MS = 4_000
const CONTROL_HANDSHAKE = 0x8000

/**
 * Asks an SRT server whether it is there: the induction phase of its handshake (draft-sharabayko-srt, 4.3.1.1), which begins
 * no connection. Rejects with OUTPUT_UNREACHABLE.
 */
export function srtAnswers(host: string, address: string, port: number): Promise<void> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const timers: NodeJS.Timeout[] = []
  const answered = new Promise<void>((resolve, reject) => {
    const no = (why: string) => reject(new VistterError('OUTPUT_UNREACHABLE', `${host} ${why}.`))
    // A connected socket hears it when the port is closed.
    socket.once('error', () => no(`has nothing that speaks SRT at port ${port}`))
    socket.on('message', message => {
      if (message.length >= 64 && message.readUInt16BE() === CONTROL_HANDSHAKE) resolve()
    })
    socket.connect(port, address, () => {
      for (const ms of TRIES_MS) timers.push(setTimeout(() => socket.send(induction(), () => {}), ms))
      timers.push(setTimeout(() => no(`does not answer at UDP port ${port}`), GIVE_UP_MS))
    })
  })
  return answered.finally(() => {
    for (const timer of timers) clearTimeout(timer)
    socket.close()
  })
}

/** Version 4, encryption 0, extension 2, a window, type 1 (induction); the rest is zero. */
function induction(): Buffer {
  const packet = Buffer.alloc(64)
  packet.writeUInt16BE(CONTROL_HANDSHAKE, 0)
  packet.writeUInt32BE(4, 16)
  packet.writeUInt16BE(2, 22)
  packet.writeUInt32BE(1_500, 28)
  packet.writeUInt32BE(8_192, 32)
  packet.writeUInt32BE(1, 36)
  packet.writeUInt32BE(0x5354, 40)
  return packet
}
