import type { MediaProfile, TestStep } from '../../../runtime/contract/generated/openapi.v1.ts'

/** What each step of a camera's test asks, in an operator's words. */
export const STEPS: Record<TestStep['step'], string> = {
  reach: 'Reach it',
  auth: 'Sign in',
  stream: 'Get video',
  onvif: 'Control it',
}

/** The steps that a camera's test will take, the last one only where it is to be moved. */
export const stepsAhead = (moves: boolean): TestStep['step'][] => [
  'reach',
  'auth',
  'stream',
  ...(moves ? (['onvif'] as const) : []),
]

export const took = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`)

/** One of a camera's pictures, in a few words; the largest comes first. Pure. */
export function profileWords({ name, codec, width, height, fps }: MediaProfile, at: number): string {
  const facts = [width && height && `${width} × ${height}`, codec, fps && `${fps} fps`].filter(Boolean).join(', ')
  const size = at === 0 ? 'Main' : 'Smaller'
  return facts ? `${size}: ${facts}` : `${size}: ${name}`
}
