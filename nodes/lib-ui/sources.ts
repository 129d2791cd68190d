import type { Live } from './live.ts'

/** The name people gave to what a program shows; the slate and clips have none in the API. */
export function sourceName(live: Pick<Live, 'cameras'>, source: string | undefined): string {
  if (source === undefined) return '–'
  const camera = live.cameras[source]
  if (camera) return camera.name
  return source.charAt(0).toUpperCase() + source.slice(1)
}
