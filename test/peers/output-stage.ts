import { readFile } from 'node:fs/promises'
import type { Output as OutputSpec, OutputState } from '../../runtime/contract/generated/engine.v1.ts'
import type { FlvTag } from '../../runtime/engine/media/tag.ts'
import { Output } from '../../runtime/engine/outputs/output.ts'
import type { Relay } from '../../runtime/engine/outputs/relay.ts'
import { systemClock } from '../../runtime/lib/clock.ts'
import { RtmpPlatform } from './nginx-rtmp.ts'
import { run, scratch, until } from './run.ts'
import { TagFeed } from './tag-feed.ts'

/** Outputs without an appliance: a relay that is fed, and platforms to send to. `strike` ends whatever a test began. */
const silentLog = { info: () => {}, warn: () => {}, error: () => {} }

export const undo: (() => unknown)[] = []

export async function strike(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step()
}

export async function platform(keys: string[] | 'any' = 'any'): Promise<RtmpPlatform> {
  const made = new RtmpPlatform(keys)
  undo.push(() => made.remove())
  await made.start()
  return made
}

/** Sends the tags of so many seconds round after round. */
export function feed(tags: FlvTag[], seconds: number, relay: Relay, offset = 0): TagFeed {
  const made = new TagFeed(tags, seconds, tag => relay.push(tag), offset).start()
  undo.push(() => made.stop())
  return made
}

/** An output on air, with what it reported. */
export function output(url: string, streamKey: string | undefined, relay: Relay) {
  const events: string[] = []
  const spec: OutputSpec = { id: 'out', name: 'Test', encoder: 'e', url, ...(streamKey ? { streamKey } : {}) }
  const made = new Output(spec, relay, {
    clock: systemClock,
    log: silentLog,
    event: event => void events.push(event.type),
    changed: () => {},
  })
  undo.push(() => made.stop())
  made.start()
  const becomes = (status: OutputState['status'], timeoutMs = 15_000) =>
    until(`output ${status}`, () => made.state().status === status, { timeoutMs })
  return { output: made, spec, events, becomes }
}

/** A self-signed certificate for localhost, made anew. */
export async function certificate(): Promise<{ key: string; cert: string }> {
  const folder = scratch('tls')
  undo.push(() => folder.remove())
  const [keyFile, certFile] = [`${folder.path}/key.pem`, `${folder.path}/cert.pem`]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
  await run('openssl', ['req', ...kind, '-keyout', keyFile, '-out', certFile, ...subject])
  return { key: await readFile(keyFile, 'utf8'), cert: await readFile(certFile, 'utf8') }
}
