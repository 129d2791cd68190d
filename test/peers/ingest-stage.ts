import { expect } from 'vitest'
import type { CameraSource, ClipSource, EngineEvent } from '../../runtime/contract/generated/engine.v1.ts'
import type { HardwareDecoder } from '../../runtime/engine/ffmpeg/decoders.ts'
import { Ingest } from '../../runtime/engine/ingest/ingest.ts'
import { Arena } from '../../runtime/engine/memory/arena.ts'
import { Ring } from '../../runtime/engine/memory/ring.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { createLog } from '../../runtime/lib/log.ts'
import { run } from './run.ts'

/** Sources without an engine. `strike` ends whatever a test began, and sees that nothing is left of it. */
export const PICTURE = { width: 640, height: 360, frameRate: { num: 30, den: 1 } }
const log = createLog('test', 'silent')
const open: { ingest: Ingest; arena: Arena }[] = []

type Happened = Omit<EngineEvent, 'time'>

export function begin(source: CameraSource | ClipSource, picture = PICTURE, decoders: HardwareDecoder[] = []) {
  const arena = new Arena()
  const events: Happened[] = []
  const deps = { arena, clock: systemClock, log, event: (e: Happened) => events.push(e), changed: () => {} }
  const ingest = new Ingest(source, picture, { ...deps, decoders: async () => decoders })
  ingest.start()
  open.push({ ingest, arena })
  return { ingest, events, ring: new Ring(arena.memory, ingest.ring) }
}

export async function strike(): Promise<void> {
  for (const { ingest, arena } of open.splice(0)) {
    await ingest.stop()
    ingest.release()
    expect(ingest.pid).toBeUndefined()
    expect(arena.bytesInUse).toBe(0)
  }
}

/** Two seconds of colour bars, 480 x 360 at 25 frames a second, with a tone. */
export const makeClip = (file: string): Promise<unknown> =>
  run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'smptehdbars=size=480x360:rate=25'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=1000'],
    ...['-t', '2', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '1'],
    file,
  ])
