import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { fileCommand, srtCommand } from '../../runtime/engine/outputs/copy-command.ts'
import { flvBytes } from '../../runtime/engine/outputs/flv.ts'
import { Outbox } from '../../runtime/engine/outputs/outbox.ts'
import { Rate } from '../../runtime/engine/outputs/rate.ts'
import { Retry } from '../../runtime/engine/outputs/retry.ts'

const picture = (timestamp: number, bytes = 100): FlvTag => ({
  kind: 'video',
  timestamp,
  data: Buffer.alloc(bytes),
  keyframe: false,
  header: false,
})

/** An uplink that takes one write at a time, when told to. */
function uplink() {
  const waiting: (() => void)[] = []
  const stream = new Writable({ highWaterMark: 1, write: (_bytes, _encoding, done) => void waiting.push(done) })
  return { stream, frame: (tag: FlvTag) => tag.data, acceptOne: () => waiting.shift()?.() }
}

describe('Outbox', () => {
  it('measures what waits in seconds, and how long the way has been stuck', async () => {
    let now = 0
    const way = uplink()
    const outbox = new Outbox(way, { now: () => now, mono: () => now })
    outbox.start()
    expect([outbox.seconds, outbox.stuckFor, outbox.acceptedAt]).toEqual([0, 0, undefined])
    now = 10_000
    for (let time = 1_000; time <= 4_000; time += 500) outbox.put(picture(time))
    // The first one is with the connection, the other six wait.
    expect(outbox.seconds).toBe(2.5)
    now = 13_000
    expect(outbox.stuckFor).toBe(3_000)
    way.acceptOne()
    await new Promise(setImmediate)
    expect(outbox.acceptedAt).toBe(13_000)
    expect(outbox.stuckFor).toBe(0)
    expect(outbox.seconds).toBe(2)
    expect(outbox.acceptedPictures).toBe(100)
    outbox.stop()
    expect(outbox.seconds).toBe(0)
  })
})

describe('Rate', () => {
  it('is that of the last five seconds', () => {
    const rate = new Rate()
    expect(rate.kbits).toBe(0)
    let bytes = 0
    for (let at = 0; at <= 10_000; at += 500) {
      rate.read(at, bytes)
      bytes += at < 5_000 ? 500_000 : 62_500
    }
    expect(rate.kbits).toBe(1_000)
  })
})

describe('Retry', () => {
  let now = 0
  const retry = () => new Retry({ now: () => now, mono: () => now }, () => 1)
  /** Pauses (ms) of failures one after another, each try lasting `tryMs`, until `untilMs` have passed. */
  const pauses = (made: Retry, refused: boolean, untilMs: number, tryMs = 5_000) => {
    const all: number[] = []
    for (const end = now + untilMs; now < end; ) {
      now += tryMs
      const pause = made.next(tryMs, refused)
      all.push(pause)
      now += pause
    }
    return all
  }

  it('never pauses longer than a return within five seconds allows, for five minutes; then ever longer', () => {
    const made = retry()
    expect(Math.max(...pauses(made, false, 290_000))).toBeLessThanOrEqual(2_400)
    expect(Math.max(...pauses(made, false, 600_000))).toBe(36_000)
    expect(made.next(60_000, false)).toBe(600) // it had been live again
  })

  it('does not go on asking for what was refused', () => {
    expect(pauses(retry(), true, 300_000, 100).length).toBeLessThan(16)
  })
})

describe('FLV tags', () => {
  it('carry their time in 32 bits, the highest last', () => {
    const bytes = flvBytes(picture(0x12345678, 3))
    expect(bytes.toString('hex')).toBe('09000003345678120000000000000000000e')
  })
})

describe('the command of an FFmpeg that copies', () => {
  it('shows no secret', () => {
    const command = srtCommand('srt://a.example:9000?mode=caller&passphrase=pass%20phrase&latency=200', 'stream-1')
    expect(command.args.join(' ')).toContain(' -fpre /dev/fd/3 srt://a.example:9000?mode=caller&latency=200')
    expect(command.args.join(' ')).not.toMatch(/pass|stream-1/)
    expect(command.preset).toBe('passphrase=pass phrase\nstreamid=stream-1\n')
    expect(srtCommand('srt://a.example:9000').args).not.toContain('-fpre')
    expect(() => srtCommand('srt://a.example:9000', 'a\npassphrase=x')).toThrow(/one line/)
  })

  it('knows a file by its ending', () => {
    expect(fileCommand('file:///nowhere/a%20b.mkv').args.slice(-4)).toEqual([
      '-f',
      'matroska',
      '-n',
      'file:/nowhere/a b.mkv',
    ])
    expect(fileCommand('file:///nowhere/live.m3u8').args.slice(-3)).toEqual([
      '/nowhere/live-%d.ts',
      '-y',
      '/nowhere/live.m3u8',
    ])
    expect(() => fileCommand('file:///nowhere/5%25/live.m3u8')).toThrow(/no "%"/)
    expect(() => fileCommand('file:///nowhere/show.avi')).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNSUPPORTED' }),
    )
    expect(() => fileCommand('file://other-host/show.mkv')).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNSUPPORTED' }),
    )
  })
})
