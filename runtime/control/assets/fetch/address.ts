import { BlockList, isIP } from 'node:net'

/** What is not the internet (RFC 6890 and the IANA registries that follow it). The cloud's metadata services are in 169.254/16. */
const IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]

/** Of the one range that is given out to the internet, 2000::/3: what leads into an IPv4 network (Teredo, 6to4) or nowhere. */
const IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const closed = new BlockList()
for (const [ranges, family] of [
  [IPV4, 'ipv4'],
  [IPV6, 'ipv6'],
] as const) {
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    closed.addSubnet(network, Number(bits), family)
  }
}

/** Whether an IP address is one of the internet: nothing of this machine, its network or its cloud. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !closed.check(address, 'ipv4')
  if (family !== 6) return false
  const groups = groupsOf(address)
  const inner = embedded(groups)
  if (inner !== undefined) return isPublic(inner)
  return (groups[0] ?? 0) >> 13 === 1 && !closed.check(address.split('%')[0] ?? '', 'ipv6')
}

/** The IPv4 address that an IPv4-mapped one (::ffff:0:0/96) or one of NAT64 (64:ff9b::/96, RFC 6052) stands for. */
function embedded(groups: number[]): string | undefined {
  const start = groups.slice(0, 6).join(',')
  if (start !== '0,0,0,0,0,65535' && start !== '100,65435,0,0,0,0') return undefined
  return groups
    .slice(6)
    .flatMap(group => [group >> 8, group & 0xff])
    .join('.')
}

/** The eight numbers of an IPv6 address, whichever way it is written. */
function groupsOf(address: string): number[] {
  const plain = (address.split('%')[0] ?? '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [left = [], right = []] = plain.split('::').map(half => half.split(':').filter(Boolean))
  const between = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...between, ...right].map(group => Number.parseInt(group, 16))
}

/** A host as addresses name it: lower case, numbers in their usual form, no brackets. */
export function hostOf(name: string): string {
  const written = isIP(name) === 6 ? `[${name}]` : name
  const { hostname } = URL.canParse(`http://${written}`) ? new URL(`http://${written}`) : { hostname: name }
  return hostname.toLowerCase().replace(/^\[|\]$/g, '')
}
