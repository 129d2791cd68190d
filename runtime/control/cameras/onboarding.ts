import type { DeviceLogin, DeviceProfiles, DiscoverRequest, MediaProfile } from '../../contract/generated/openapi.v1.ts'
import type { Clock } from '../../lib/clock.ts'
import { type Operations, operation } from '../ports.ts'
import { Discovery } from './discovery/discovery.ts'
import { ANSWER_MS } from './onvif/caller.ts'
import { OnvifDevice } from './onvif/device.ts'
import { withPort } from './onvif-access.ts'
import { noService } from './onvif-step.ts'

/** What helps to add a camera before it is one: which devices there are, and which pictures one of them offers. */
export class Onboarding {
  private readonly clock: Clock
  private readonly discovery: Discovery

  constructor(clock: Clock) {
    this.clock = clock
    this.discovery = new Discovery({ clock })
  }

  operations(): Operations {
    return {
      discoverCameras: operation<DiscoverRequest>(async ({ body }) => ({
        devices: await this.discovery.discover(body.range),
      })),
      readDeviceProfiles: operation<DeviceLogin>(({ body }) => this.profilesOf(body)),
    }
  }

  private async profilesOf(given: DeviceLogin): Promise<DeviceProfiles> {
    const { port, ...login } = await withPort(given)
    if (port === undefined) throw noService(login.host)
    const device = new OnvifDevice({ ...login, port }, this.clock)
    await device.connect()
    const until = this.clock.mono() + ANSWER_MS
    const profiles: MediaProfile[] = []
    // One after the other: cheap cameras hang up on a second connection.
    for (const { ptz, ...profile } of device.profiles.slice(0, MOST_PROFILES)) {
      const ms = until - this.clock.mono()
      const url = await device.streamAddress(profile.token, ms).catch(() => undefined)
      profiles.push({ ...profile, ...(url !== undefined && { url }), ptz: ptz !== undefined })
    }
    return { name: device.name, port, profiles }
  }
}

/** A recorder with many cameras lists those of each; more would not be answered in time. */
const MOST_PROFILES = 16
