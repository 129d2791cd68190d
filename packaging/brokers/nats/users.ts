#!/usr/bin/env node
// `node users.ts < IDS > users.conf`: one appliance's id a line; what each may hear and say.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Subjects are topics with dots. `$MQTT.sub.>` is where NATS itself delivers QoS 1 from; MQTT clients cannot name it. */
export function users(ids: string[]): string {
  const appliances = ids.map(id => {
    const said = ['ack', 'event', 'telemetry', 'status'].map(topic => `"vistter.v1.*.${id}.${topic}"`).join(', ')
    const heard = `"vistter.v1.*.${id}.command", "$MQTT.sub.>"`
    return `{ user: "CN=${id}", allowed_connection_types: ["MQTT", "MQTT_WS"], permissions: { publish: [${said}], subscribe: [${heard}] } }`
  })
  return ['users: [', `{ user: "CN=studio" }`, ...appliances, ']', ''].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ids = readFileSync(0, 'utf8').split('\n').filter(Boolean)
  const wrong = ids.find(id => !/^[A-Za-z0-9_-]{1,64}$/.test(id))
  if (wrong !== undefined) throw new Error(`${wrong} is no id of an appliance`)
  process.stdout.write(users(ids))
}
