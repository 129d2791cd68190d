import { createRequire } from 'node:module'
import { GlobalFonts } from '@napi-rs/canvas'

/** The family that comes with the appliance, so that a text looks and measures the same on every box. */
const BUNDLED = 'Inter'

const WEIGHTS = {
  Light: 300,
  Regular: 400,
  Medium: 500,
  SemiBold: 600,
  Bold: 700,
  ExtraBold: 800,
  Black: 900,
} as const

/** Makes the bundled family known; fonts of the system are known already. */
export function loadFonts(): void {
  const { resolve } = createRequire(import.meta.url)
  for (const [name, weight] of Object.entries(WEIGHTS))
    GlobalFonts.registerFromPath(
      resolve(`@expo-google-fonts/inter/${weight}${name}/Inter_${weight}${name}.ttf`),
      BUNDLED,
    )
}

/** "Inter Bold" at 48 px in the form that a canvas takes. A family that is not here is replaced by the bundled one. */
export function canvasFont(font: string, size: number): string {
  const words = font.replace(/["\\;{}<>\n]/g, '').split(' ')
  const last = words.at(-1) ?? ''
  const weight = Object.hasOwn(WEIGHTS, last) ? WEIGHTS[last as keyof typeof WEIGHTS] : undefined
  const family = (weight ? words.slice(0, -1) : words).join(' ')
  return `${weight ?? WEIGHTS.Regular} ${size}px "${family || BUNDLED}", "${BUNDLED}", sans-serif`
}
