import { isIPv4 } from 'node:net'
import { VistterError } from '../../../contract/errors.ts'

/** More would not be done in time, and is no network of a shop. */
const MOST_ADDRESSES = 1_024

/** The addresses of `10.0.0.0/24`, `10.0.0.10-10.0.0.60`, `10.0.0.10-60` or `10.0.0.10`. Throws BAD_REQUEST. */
export function addressesOf(range: string): string[] {
  const [first, last] = edges(range.replace(/\s/g, ''))
  const count = last - first + 1
  if (count < 1) throw wrong('it ends before it begins')
  if (count > MOST_ADDRESSES) throw wrong(`it has ${count} addresses, and ${MOST_ADDRESSES} are the most`)
  return Array.from({ length: count }, (_, index) => written(first + index))
}

function edges(range: string): [first: number, last: number] {
  const [from = '', bits] = range.split('/')
  if (bits !== undefined) return network(numberOf(from), bits)
  const [begin = '', end = begin, ...rest] = range.split('-')
  if (rest.length > 0) throw wrong('it has more than one -')
  const first = numberOf(begin)
  return [first, /^\d{1,3}$/.test(end) ? numberOf(begin.replace(/\d+$/, end)) : numberOf(end)]
}

/** Without the two addresses that mean the network itself and everybody in it. */
function network(address: number, bits: string): [first: number, last: number] {
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32) throw wrong('what follows the / is 0 to 32')
  const size = 2 ** (32 - Number(bits))
  const first = Math.floor(address / size) * size
  return size > 2 ? [first + 1, first + size - 2] : [first, first + size - 1]
}

function numberOf(address: string): number {
  if (!isIPv4(address)) throw wrong(`"${address}" is not an address`)
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

const written = (number: number): string => [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.')

const wrong = (why: string): VistterError =>
  new VistterError('BAD_REQUEST', `/range: ${why}. Write it like 192.168.1.0/24 or 192.168.1.10-192.168.1.60.`)
