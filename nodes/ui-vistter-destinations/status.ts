import type { Destination, DestinationTestStep, Platform } from '../../runtime/contract/generated/openapi.v1.ts'

type Status = Destination['state']['status']

const STATUS: Record<Status, { text: string; tone: string }> = {
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

export const destinationStatus = (status: Status): { text: string; tone: string } => STATUS[status]

/** Whether somebody asked for it to run, whether or not it has got there yet. */
export const isStarted = (status: Status): boolean => status !== 'idle'
