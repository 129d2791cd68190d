import { rfc3339 } from '../../../runtime/lib/clock.ts'
import { until } from '../run.ts'
import type { ReferenceStudio } from './studio.ts'

/** So many heartbeats as Studio sends them: each after the first tells when the answer to the one before was heard. */
export async function beats(studio: ReferenceStudio, appliance: string, count: number): Promise<void> {
  const before = studio.onTold
  const heard = new Map<string, string>()
  studio.onTold = (from, topic, message) => {
    before(from, topic, message)
    const { command, status } = message.data as { command?: string; status?: string }
    if (topic === 'ack' && command && status === 'received') heard.set(command, rfc3339(studio.now()))
  }
  try {
    let answer = {}
    for (let n = 0; n < count; n++) {
      const command = await studio.send(appliance, 'heartbeat', { studioTime: rfc3339(studio.now()), ...answer })
      const at = await until('the heartbeat is answered', () => heard.get(command))
      answer = { heard: { command, at } }
    }
  } finally {
    studio.onTold = before
  }
}
