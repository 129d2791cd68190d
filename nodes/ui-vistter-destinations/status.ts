import type { Destination, DestinationTestStep, Platform } from '../../runtime/contract/generated/openapi.v1.ts'

type Status = Destination['state']['status']
interface Look {
  text: string
  tone: string
}

const STATUS: Record<Status, Look> = {
  idle: { text: 'Stopped', tone: '' },
  connecting: { text: 'Connecting', tone: 'is-warn' },
  live: { text: 'Live', tone: 'is-on-air' },
  reconnecting: { text: 'Reconnecting', tone: 'is-warn' },
  failed: { text: 'Failed', tone: 'is-bad' },
}

export const PLATFORMS: Record<Platform, { name: string; ownAddress: boolean; address: string }> = {
  youtube: { name: 'YouTube', ownAddress: true, address: '' },
  facebook: { name: 'Facebook', ownAddress: true, address: '' },
  twitch: { name: 'Twitch', ownAddress: true, address: '' },
  rtmp: { name: 'RTMP server', ownAddress: false, address: 'rtmp://server.example/live' },
  srt: { name: 'SRT server', ownAddress: false, address: 'srt://server.example:9000' },
  file: { name: 'File', ownAddress: false, address: 'file:///media/usb/show.flv' },
}

/** What each step of a test asks, in an operator's words. */
export const STEPS: Record<DestinationTestStep['step'], string> = {
  proxy: 'Proxy of this network',
  dns: 'Find the server',
  tcp: 'Reach it',
  tls: 'Trust it',
  handshake: 'Speak with it',
  connect: 'Application',
  key: 'Stream key',
  uplink: 'Uplink',
  folder: 'Folder',
}

/** Somebody wants it to run, and its error says what keeps it from that. */
const HELD: Look = { text: 'Waiting', tone: 'is-warn' }

export function destinationStatus({ started, state }: Pick<Destination, 'started' | 'state'>): Look {
  const { status, moving } = state
  if (status === 'connecting' && moving) return { text: `Camera moves to ${moving.name}`, tone: 'is-warn' }
  return started && status === 'idle' ? HELD : STATUS[status]
}
