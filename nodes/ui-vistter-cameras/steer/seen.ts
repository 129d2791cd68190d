import type { Live } from '../../lib-ui/live-state.ts'

/** Whether viewers see this camera: on a program, or as the feed of a destination. The appliance decides; this only asks first. Pure. */
export function isSeen({ programs, destinations }: Pick<Live, 'programs' | 'destinations'>, camera: string): boolean {
  const onProgram = Object.values(programs).some(({ source }) => source === camera)
  return onProgram || Object.values(destinations).some(({ source, started }) => started && source?.camera === camera)
}
