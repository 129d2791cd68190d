import type { Live } from '../lib-ui/live-state.ts'

/** Why there is nothing to be told about the chosen program; nothing while all is well, or not known yet. Pure. */
export function awayWords({ program, flow, chosen }: Pick<Live, 'program' | 'flow' | 'chosen'>): string | undefined {
  if (program || !flow) return undefined
  if (!flow.programs.includes(chosen)) return `The flow has no program “${chosen}” any more. Choose another one.`
  return flow.engine
    ? `The program “${chosen}” is starting…`
    : 'The picture engine is starting again; it is back within seconds.'
}
