import type { Camera } from '../../runtime/contract/generated/openapi.v1.ts'

/** The name people gave to what a program shows; the slate and clips have none in the API. */
export function sourceName(cameras: Readonly<Record<string, Camera>>, source: string | undefined): string {
  if (source === undefined) return '–'
  return cameras[source]?.name ?? source.charAt(0).toUpperCase() + source.slice(1)
}
