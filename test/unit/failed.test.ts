import { expect, test } from 'vitest'
import { VistterError } from '../../runtime/contract/errors.ts'
import type { DesiredState } from '../../runtime/contract/generated/engine.v1.ts'
import { type Command, diff, NOTHING } from '../../runtime/engine/diff.ts'
import { Failures, failure, lacking } from '../../runtime/engine/failed.ts'

const picture = { width: 1280, height: 720, frameRate: { num: 30, den: 1 } }
const profile = { width: 1280, height: 720, fps: 30, videoBitrate: 2500, audioBitrate: 128, keyframeInterval: 2 }
const camera = (id: string) =>
  ({ kind: 'camera', id, name: id, url: `rtsp://user:secret@${id}`, audio: false, onFrozen: 'flag' }) as const
const show: DesiredState = {
  programs: [
    { id: 'main', picture, slateAfterMs: 2000, fallback: [], buses: [{ id: 'all', overlays: 'all' }] },
    { id: 'tall', picture, slateAfterMs: 2000, fallback: [], buses: [{ id: 'all', overlays: 'all' }] },
  ],
  sources: [camera('a'), camera('b')],
  overlays: [
    { id: 'lower', program: 'main', document: {}, assets: {}, tokens: {} },
    { id: 'lower', program: 'tall', document: {}, assets: {}, tokens: {} },
  ],
  encoders: [{ id: 'e1', program: 'main', bus: 'all', profile }],
  outputs: [{ id: 'yt', name: 'YouTube', encoder: 'e1', url: 'rtmp://p/live', streamKey: 'k' }],
  recordings: [],
}
/** What the next, equal state asks for after commands of these names failed. */
const again = (...failed: string[]) => {
  const commands = diff(NOTHING, show).filter(({ command, target }) => failed.includes(`${command} ${target}`))
  expect(commands.length).toBeGreaterThanOrEqual(failed.length)
  return diff(lacking(show, commands), show).map(({ command, target }) => `${command} ${target}`)
}

test('what failed to start is asked for again by the next change, and nothing else is', () => {
  expect(lacking(show, [])).toBe(show)
  expect(again('source.start b')).toEqual(['source.start b'])
  expect(again('encoder.start e1', 'output.start yt')).toEqual(['encoder.start e1', 'output.start yt'])
  expect(again('program.start tall')).toContain('program.start tall')
  expect(again('program.start tall').filter(each => each.startsWith('overlay'))).toEqual(['overlay.set lower'])
})

test('a bus that found no memory is added again', () => {
  expect(again('bus.add main')).toContain('bus.add main')
})

test('a failure is told with what was tried, and without what is secret in it', () => {
  const [start] = diff(NOTHING, show).filter((each: Command) => each.command === 'source.start')
  const told = failure(start, new VistterError('MEMORY_FULL', 'There are 3 MB of picture memory too few.'))
  expect(told).toMatchObject({
    type: 'engine.command-failed',
    severity: 'error',
    data: { error: { code: 'MEMORY_FULL' } },
  })
  expect(told.message).toMatch(/^a could not be started\. There are 3 MB .* Delete a camera/)
  expect(JSON.stringify(told)).not.toContain('secret')
})

test('what goes on failing is told once, and again after it was well in between', () => {
  const told: string[] = []
  const failures = new Failures(({ message }) => told.push(message.slice(0, 1)))
  const [a, b] = diff(NOTHING, show).filter(({ command }) => command === 'source.start')
  const error = new VistterError('MEMORY_FULL', 'There are 3 MB of picture memory too few.')
  for (const failed of [[a], [a], [a, b], [b], [a]]) failures.tell(new Map(failed.map(each => [each, error])))
  expect(told).toEqual(['a', 'b', 'a'])
})
