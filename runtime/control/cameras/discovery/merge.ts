import type { DiscoveredCamera } from '../../../contract/generated/openapi.v1.ts'
import type { Sighting } from './ws-discovery.ts'

const MOST_DEVICES = 1_024

/**
 * One device for all that was seen of it: cameras answer on each of their networks, to each repeated question, and to the
 * sweep as well. What shares a reference or an address is the same.
 */
export function merged(sightings: Sighting[]): DiscoveredCamera[] {
  let devices: { keys: Set<string>; sightings: Sighting[] }[] = []
  for (const sighting of sightings) {
    const keys = new Set(keysOf(sighting))
    const same = devices.filter(device => [...keys].some(key => device.keys.has(key)))
    if (same.length === 0 && devices.length >= MOST_DEVICES) continue
    const one = {
      keys: new Set([...same.flatMap(device => [...device.keys]), ...keys]),
      sightings: [...same.flatMap(device => device.sightings), sighting],
    }
    devices = [...devices.filter(device => !same.includes(device)), one]
  }
  return devices.flatMap(device => shown(device.sightings)).sort(byAddress)
}

const keysOf = ({ reference, at }: Sighting): string[] => [
  ...(reference ? [reference] : []),
  ...at.map(({ host, port }) => `${host} ${port}`),
]

function shown(sightings: Sighting[]): DiscoveredCamera[] {
  const [first] = sightings
  const where = first?.at[0]
  if (!where) return []
  const name = sightings.map(sighting => sighting.name).find(Boolean) ?? `Camera at ${where.host}`
  return [{ name, ...where }]
}

/** As people count: 10.0.0.9 before 10.0.0.10. */
const byAddress = (a: DiscoveredCamera, b: DiscoveredCamera): number =>
  a.host.localeCompare(b.host, 'en', { numeric: true }) || a.port - b.port
