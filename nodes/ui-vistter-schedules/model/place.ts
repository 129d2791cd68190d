import type { SiteLocation } from '../../../runtime/contract/generated/openapi.v1.ts'

const PLACE = /^(-?\d{1,2}(?:\.\d+)?)(?:\s*[,;]\s*|\s+)(-?\d{1,3}(?:\.\d+)?)$/

/** "44.4056, 8.9463", as maps tell a place: latitude, longitude. Undefined: it is none. */
export function parsePlace(text: string): SiteLocation | undefined {
  const [, latitude, longitude] = PLACE.exec(text.trim()) ?? []
  const place = { latitude: Number(latitude), longitude: Number(longitude) }
  return Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180 ? place : undefined
}

export const placeText = ({ latitude, longitude }: SiteLocation): string => `${latitude}, ${longitude}`
