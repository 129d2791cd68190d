import * as system from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import type { Disk } from '../../runtime/engine/outputs/record/piece.ts'
import { Recording } from '../../runtime/engine/outputs/record/recording.ts'
import { Relay } from '../../runtime/engine/outputs/relay.ts'
import { scratch } from '../peers/run.ts'

const folder = scratch('recording')
const undo: (() => unknown)[] = []
let now = 0

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] })
  undo.push(() => vi.useRealTimers())
})
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
  folder.remove()
})

/** The system's own calls, and how many of them are under way: a clock of the test must not outrun the disk. */
let under = 0
const counted =
  (call: (...args: unknown[]) => void) =>
  (...args: unknown[]) => {
    under++
    const done = args.at(-1) as (...answer: unknown[]) => void
    call(...args.slice(0, -1), (...answer: unknown[]) => {
      under--
      done(...answer)
    })
  }
const { open, write, writev, fdatasync, fsync, close } = system
const real = Object.fromEntries(
  Object.entries({ open, write, writev, fdatasync, fsync, close }).map(([name, call]) => [
    name,
    counted(call as (...args: unknown[]) => void),
  ]),
) as Disk

function record(disk: Partial<Disk>, room = async () => ({ free: 1e12, size: 1e13 })) {
  const relay = new Relay()
  const events: string[] = []
  const logged: unknown[] = []
  const asked = vi.fn(room)
  const spec = { id: 'R', name: 'Test', program: 'main', encoder: 'e', folder: folder.path, reserveBytes: 1e9 }
  const recording = new Recording(spec, relay, {
    clock: { now: () => 1e12 + now, mono: () => now },
    log: { warn: (what: unknown) => logged.push(what) },
    event: ({ type }) => events.push(type),
    changed: () => {},
    room: asked,
    disk: { ...real, ...disk },
  })
  recording.start()
  /** Half a second of show: a keyframe, and whatever is due by then. */
  const half = async () => {
    now += 500
    const data = Buffer.from([0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 1])
    const tag: FlvTag = { kind: 'video', timestamp: now, data, keyframe: true, header: false }
    relay.push(tag)
    await vi.advanceTimersByTimeAsync(500)
    for (let turns = 0; turns < 20 || under > 0; turns++) await new Promise(resolve => setImmediate(resolve))
  }
  const seconds = async (count: number) => {
    for (let n = 0; n < count * 2; n++) await half()
  }
  return { recording, events, logged, asked, half, seconds }
}

describe('a recording', () => {
  it('on a disk that hangs keeps three threads at most, and its end is waited for two seconds', async () => {
    const hanging: string[] = []
    const hang = (what: string) => () => void hanging.push(what)
    const write = hang('write') as unknown as Disk['write']
    const fdatasync = hang('fdatasync') as unknown as Disk['fdatasync']
    const room = () => {
      hanging.push('room')
      return new Promise<never>(() => {})
    }
    const { recording, half, seconds, logged, events } = record({ write, writev: write as never, fdatasync }, room)
    while (recording.state().status !== 'recording') await half()
    await seconds(20)
    expect(hanging.length).toBeLessThanOrEqual(3)
    expect(recording.state()).toMatchObject({ pieces: 1, status: 'waiting', error: { code: 'RECORDING_FAILED' } })
    expect(events).toEqual(['recording.stopped'])
    let stopped = false
    void recording.stop().then(() => {
      stopped = true
    })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(stopped).toBe(true)
    expect(logged).toMatchObject([{ recording: 'R', detail: 'the disk does not answer' }])
  })

  it('on a disk that refuses files tries ever less often, says so once, and counts what there is', async () => {
    let tries = 0
    let refuses = false
    const open = ((...given: Parameters<Disk['open']>) => {
      if (!refuses) return real.open(...given)
      tries++
      const done = given.at(-1) as (error: Error) => void
      setImmediate(() => done(Object.assign(new Error('EDQUOT: quota exceeded'), { code: 'EDQUOT' })))
    }) as Disk['open']
    const { recording, half, seconds, events } = record({ open })
    while (recording.state().pieces === 0) await half()
    refuses = true
    await seconds(30)
    expect(tries).toBeGreaterThan(2)
    expect(tries).toBeLessThan(8)
    expect(events).toEqual(['recording.stopped'])
    expect(recording.state()).toMatchObject({ status: 'waiting', pieces: 1, error: { code: 'STORAGE_LOW' } })
    expect(recording.state().bytes).toBe(system.statSync(`${folder.path}/${system.readdirSync(folder.path)[0]}`).size)
    refuses = false
    while (recording.state().pieces === 1) await half()
    expect(events).toEqual(['recording.stopped', 'recording.resumed'])
    expect(recording.state().status).toBe('recording')
    await recording.stop()
  })

  it('leaves no piece behind that is not on the disk', async () => {
    const calls: string[] = []
    const fsync = ((...given: Parameters<Disk['fsync']>) => {
      calls.push('fsync')
      real.fsync(...given)
    }) as Disk['fsync']
    const close = ((...given: Parameters<Disk['close']>) => {
      calls.push('close')
      real.close(...given)
    }) as Disk['close']
    const { recording, half } = record({ fsync, close })
    while (recording.state().pieces === 0) await half()
    await recording.stop()
    expect(calls).toEqual(['fsync', 'close'])
  })
})
