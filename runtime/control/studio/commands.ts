import type { Command } from '../../contract/generated/studio.v1.ts'

/** What an appliance of this release understands. */
export const CONTRACT = '1.0'

type CommandType = Command['type']
type DataOf<T extends CommandType> = Extract<Command, { type: T }>['data']

/**
 * For each type the queue that it waits in: commands of one queue are carried out one after another, in the order in which
 * they came; queues do not wait for one another. Undefined: it waits for nobody.
 */
const LANES: { [T in CommandType]: (data: DataOf<T>) => string | undefined } = {
  'vistter.command.timeline.publish': ({ timeline }) => `timeline:${timeline.id}`,
  'vistter.command.timeline.start': ({ timeline }) => `timeline:${timeline}`,
  'vistter.command.timeline.stop': ({ timeline }) => `timeline:${timeline}`,
  'vistter.command.preset.move': ({ camera, shot }) => `camera:${camera ?? shot}`,
  'vistter.command.overlay.apply': ({ id }) => `overlay:${id}`,
  'vistter.command.overlay.scene': ({ id }) => `overlay:${id}`,
  'vistter.command.overlay.stop': ({ id }) => `overlay:${id}`,
  'vistter.command.assets.sync': () => 'assets',
  'vistter.command.segment.publish': () => 'segments',
  'vistter.command.segment.play': () => 'segments',
  'vistter.command.program.take': () => 'program',
  'vistter.command.stream.start': ({ destination }) => `destination:${destination}`,
  'vistter.command.stream.stop': ({ destination }) => `destination:${destination}`,
  'vistter.command.health.request': () => undefined,
  'vistter.command.config.get': () => 'config',
  'vistter.command.config.patch': () => 'config',
  'vistter.command.credentials.rotate': () => 'credentials',
  'vistter.command.credentials.revoke': () => 'credentials',
  'vistter.command.heartbeat': () => undefined,
}

export const SUPPORTED = Object.keys(LANES) as CommandType[]

export const isSupported = (type: string): type is CommandType => Object.hasOwn(LANES, type)

/** The queue of a command; one that waits for nobody has one of its own. */
export function laneOf<T extends CommandType>(id: string, type: T, data: DataOf<T>): string {
  return LANES[type](data) ?? `alone:${id}`
}
