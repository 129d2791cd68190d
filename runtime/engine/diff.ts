import type {
  Applied,
  DesiredState,
  Encoder,
  Output,
  Overlay,
  Program,
  Recording,
  Source,
} from '../contract/generated/engine.v1.ts'

/** One thing to do to come from one desired state to the next; `why` is for the log and for whoever asks later. */
export type Command =
  | { command: 'clock.set'; target: string; why: string; ahead: number | undefined }
  | { command: 'program.start'; target: string; why: string; program: Program }
  | { command: 'source.start' | 'source.restart' | 'source.update'; target: string; why: string; source: Source }
  | { command: 'bus.add' | 'bus.remove'; target: string; why: string; program: Program }
  | {
      command:
        | 'program.fallback'
        | 'program.slate-after'
        | 'program.view'
        | 'program.sound'
        | 'program.override'
        | 'program.take'
      target: string
      why: string
      program: Program
    }
  | { command: 'overlay.set' | 'overlay.remove'; target: string; why: string; overlay: Overlay }
  | { command: 'encoder.start'; target: string; why: string; encoder: Encoder }
  | { command: 'encoder.change'; target: string; why: string; encoder: Encoder; from: string }
  | { command: 'output.start' | 'output.update'; target: string; why: string; output: Output }
  | { command: 'recording.start' | 'recording.update'; target: string; why: string; recording: Recording }
  | {
      command: 'recording.stop' | 'output.stop' | 'encoder.stop' | 'source.stop' | 'program.stop'
      target: string
      why: string
    }

/**
 * Order inside one change is data: what is needed comes before what needs it (a program begins with its slate there,
 * not in black), the program before its cameras (when memory is short, one camera is missing and not the show), overlays
 * before the take that shows them,
 * a new encoder before the output that moves to it, and things are taken away when nobody uses them any more.
 */
const ORDER: (Command['command'] | 'still.start')[] = [
  'clock.set',
  'still.start',
  'source.restart',
  'source.update',
  'program.start',
  'program.fallback',
  'program.slate-after',
  'program.view',
  'program.sound',
  'program.override',
  'bus.add',
  'source.start',
  'overlay.set',
  'overlay.remove',
  'program.take',
  'encoder.start',
  'encoder.change',
  'output.stop',
  'output.update',
  'output.start',
  'recording.update',
  'recording.start',
  'recording.stop',
  'encoder.stop',
  'bus.remove',
  'program.stop',
  'source.stop',
]

export const NOTHING: DesiredState = { programs: [], sources: [], overlays: [], encoders: [], outputs: [] }

/** The commands that lead from `before` to `after`, in order; none when they mean the same. Pure. */
export function diff(before: DesiredState, after: DesiredState): Command[] {
  const heirs = successors(before, after)
  const inherited = new Set(heirs.values())
  const commands = [
    ...clock(before.ahead, after.ahead),
    ...compare(before.programs, after.programs, {
      added: program => [
        { command: 'program.start', target: program.id, why: 'new program', program },
        { command: 'program.fallback', target: program.id, why: 'new program', program },
        { command: 'program.view', target: program.id, why: 'new program', program },
        ...sound(program, 'new program'),
        ...override(program, 'new program'),
        { command: 'bus.add', target: program.id, why: 'new program', program },
        ...take(program, 'new program'),
      ],
      removed: ({ id }) => [{ command: 'program.stop', target: id, why: 'no longer wanted' }],
      changed: programChanges,
    }),
    ...compare(before.sources, after.sources, {
      added: source => [{ command: 'source.start', target: source.id, why: 'new source', source }],
      removed: ({ id }) => [{ command: 'source.stop', target: id, why: 'no longer wanted' }],
      changed: (old, source) => [
        needsNewSession(old, source)
          ? { command: 'source.restart', target: source.id, why: 'its address or content changed', source }
          : { command: 'source.update', target: source.id, why: 'its settings changed', source },
      ],
    }),
    ...compare(before.overlays, after.overlays, {
      // One overlay may play in several programs, drawn for each.
      key: ({ id, program }) => `${program}/${id}`,
      added: overlay => [{ command: 'overlay.set', target: overlay.id, why: 'new overlay', overlay }],
      removed: overlay => [{ command: 'overlay.remove', target: overlay.id, why: 'no longer wanted', overlay }],
      changed: (_, overlay) => [
        { command: 'overlay.set', target: overlay.id, why: 'its content or play changed', overlay },
      ],
    }),
    ...compare(before.encoders, after.encoders, {
      added: encoder => {
        const from = heirs.get(encoder.id)
        return from === undefined
          ? [{ command: 'encoder.start', target: encoder.id, why: 'an output needs this profile', encoder }]
          : [{ command: 'encoder.change', target: encoder.id, why: 'its outputs want another profile', encoder, from }]
      },
      removed: ({ id }) =>
        inherited.has(id) ? [] : [{ command: 'encoder.stop', target: id, why: 'no output needs it' }],
      // An encoder's id is made of all that it is, so one that changed is another encoder.
      changed: () => [],
    }),
    ...compare(before.outputs, after.outputs, {
      added: output => [{ command: 'output.start', target: output.id, why: 'started', output }],
      removed: ({ id }) => [{ command: 'output.stop', target: id, why: 'stopped or no longer wired' }],
      changed: (old, output) => [
        { command: 'output.update', target: output.id, why: outputChange(old, output), output },
      ],
    }),
    ...compare(before.recordings ?? [], after.recordings ?? [], {
      added: recording => [{ command: 'recording.start', target: recording.id, why: 'started', recording }],
      removed: ({ id }) => [{ command: 'recording.stop', target: id, why: 'stopped or no longer wired' }],
      changed: (_, recording) => [
        { command: 'recording.update', target: recording.id, why: 'its encoder or settings changed', recording },
      ],
    }),
  ]
  return commands.sort((a, b) => ORDER.indexOf(step(a)) - ORDER.indexOf(step(b)))
}

const step = (command: Command): (typeof ORDER)[number] =>
  command.command === 'source.start' && command.source.kind !== 'camera' && command.source.kind !== 'clip'
    ? 'still.start'
    : command.command

/**
 * New encoders that take over the stream of one that goes, by id: where all its outputs move to the same new one, and
 * nobody else's do, the stream itself changes its encoder, which is cleaner than moving outputs from stream to stream.
 */
function successors(before: DesiredState, after: DesiredState): Map<string, string> {
  const wanted = new Set(after.encoders.map(({ id }) => id))
  const old = new Map(before.outputs.map(({ id, encoder }) => [id, encoder]))
  const heirs = new Map<string, string>()
  for (const { id, program } of after.encoders) {
    if (before.encoders.some(encoder => encoder.id === id)) continue
    const from = new Set(after.outputs.filter(({ encoder }) => encoder === id).map(output => old.get(output.id)))
    from.delete(undefined)
    const [one] = from
    // A file does not go on with another size in the middle: a recording begins anew from a stream of its own.
    if (before.recordings?.some(({ encoder }) => encoder === one)) continue
    const gone = before.encoders.find(encoder => encoder.id === one && !wanted.has(encoder.id))
    const moved = after.outputs.filter(output => old.get(output.id) === one)
    if (!gone || from.size > 1 || gone.program !== program) continue
    if (moved.every(({ encoder }) => encoder === id)) heirs.set(id, gone.id)
  }
  return heirs
}

/** What the caller of `apply` is told. */
export function told(commands: Command[]): Applied['changes'] {
  return commands.map(({ command, target, why }) => ({ command, target, why }))
}

/**
 * A mixer cannot change its size or rate, so a program whose picture changes is taken away with all that hangs on it and
 * comes anew: this is the state in between. The first program's size is that of every source, so it takes all with it.
 */
export function without(before: DesiredState, after: DesiredState): DesiredState {
  const changed = before.programs.filter(old => {
    const program = after.programs.find(({ id }) => id === old.id)
    return program !== undefined && !same(old.picture, program.picture)
  })
  if (changed.length === 0) return before
  if (changed.some(({ id }) => id === before.programs[0]?.id)) return NOTHING
  const stays = (program: string) => !changed.some(({ id }) => id === program)
  const encoders = before.encoders.filter(({ program }) => stays(program))
  return {
    ...before,
    programs: before.programs.filter(({ id }) => stays(id)),
    overlays: before.overlays.filter(({ program }) => stays(program)),
    encoders,
    outputs: before.outputs.filter(({ encoder }) => encoders.some(({ id }) => id === encoder)),
    recordings: before.recordings?.filter(({ program }) => stays(program)),
  }
}

function programChanges(old: Program, program: Program): Command[] {
  const commands: Command[] = []
  const target = program.id
  if (!same(old.fallback, program.fallback))
    commands.push({ command: 'program.fallback', target, why: 'the fallback chain changed', program })
  if (old.slateAfterMs !== program.slateAfterMs)
    commands.push({ command: 'program.slate-after', target, why: 'the threshold changed', program })
  if (!same(old.view, program.view))
    commands.push({ command: 'program.view', target, why: 'other shapes are shown differently', program })
  if (!same(old.sound, program.sound)) commands.push(...sound(program, 'bed, mute or loudness changed', true))
  if (old.override !== program.override)
    commands.push({ command: 'program.override', target, why: program.override ?? 'released', program })
  if (program.buses.some(bus => !old.buses.some(known => same(known, bus))))
    commands.push({ command: 'bus.add', target, why: 'a wire takes other overlays', program })
  if (old.buses.some(bus => !program.buses.some(({ id }) => id === bus.id)))
    commands.push({ command: 'bus.remove', target, why: 'no wire uses it', program })
  if (old.onAir?.id !== program.onAir?.id) commands.push(...take(program, program.onAir?.why ?? ''))
  return commands
}

function clock(before: number | undefined, ahead: number | undefined): Command[] {
  return before === ahead ? [] : [{ command: 'clock.set', target: 'clock', why: 'times are counted from there', ahead }]
}

function sound(program: Program, why: string, changed = program.sound !== undefined): Command[] {
  return changed ? [{ command: 'program.sound', target: program.id, why, program }] : []
}

function override(program: Program, why: string): Command[] {
  return program.override ? [{ command: 'program.override', target: program.id, why, program }] : []
}

function take(program: Program, why: string): Command[] {
  return program.onAir ? [{ command: 'program.take', target: program.id, why, program }] : []
}

function needsNewSession(old: Source, source: Source): boolean {
  const session = (s: Source) =>
    s.kind === 'camera'
      ? [s.kind, s.url, s.username, s.password, s.fit ?? 'letterbox']
      : s.kind === 'clip'
        ? [s.kind, s.file, s.loop]
        : s
  return !same(session(old), session(source))
}

function outputChange(old: Output, output: Output): string {
  if (old.encoder !== output.encoder) return 'its profile or wire changed'
  return old.url !== output.url || old.streamKey !== output.streamKey || !same(old.proxy, output.proxy)
    ? 'its address, key or proxy changed'
    : 'renamed'
}

interface Cases<T> {
  /** What makes two the same thing; its id when nothing is said. */
  key?(item: T): string
  added(item: T): Command[]
  removed(item: T): Command[]
  changed(old: T, item: T): Command[]
}

function compare<T extends { id: string }>(before: T[], after: T[], cases: Cases<T>): Command[] {
  const keyOf = cases.key ?? (({ id }: T) => id)
  const old = new Map(before.map(item => [keyOf(item), item]))
  const commands: Command[] = []
  for (const item of after) {
    const known = old.get(keyOf(item))
    if (!known) commands.push(...cases.added(item))
    else if (!same(known, item)) commands.push(...cases.changed(known, item))
    old.delete(keyOf(item))
  }
  for (const item of old.values()) commands.push(...cases.removed(item))
  return commands
}

/** Equal by content; the order of keys does not matter, an absent key equals an undefined one. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const one = a as Record<string, unknown>
  const other = b as Record<string, unknown>
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].every(key => same(one[key], other[key]))
}
