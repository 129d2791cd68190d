import { EVENTS } from '../runtime/contract/events.ts'

type Schema = Record<string, unknown> & { $defs: Record<string, Definition> }
interface Definition {
  title?: string
  description?: string
  enum?: string[]
  oneOf?: { $ref: string }[]
  required?: string[]
  properties?: Record<
    string,
    Definition & { const?: string; pattern?: string; type?: string | string[]; $ref?: string }
  >
}

const TOPICS = {
  command: { action: 'receive', messages: ['Command'], words: 'What Studio asks of the appliance.' },
  ack: { action: 'send', messages: ['Ack'], words: 'How far a command is.' },
  event: {
    ...{ action: 'send', messages: ['ToldEvent', 'Proof', 'Capabilities'] },
    words: 'What happened, proof of play, what the appliance can do.',
  },
  telemetry: { action: 'send', messages: ['Telemetry', 'Summary'], words: 'How the appliance is, and has been.' },
  status: { action: 'send', messages: ['Status'], words: 'Who is there: retained, and the last will.' },
} as const

const nameOf = (ref: string) => ref.split('/').at(-1) ?? ''

/** Its members, with `Command` as its nineteen. */
function messagesOf({ $defs }: Schema, names: readonly string[]): string[] {
  return names.flatMap(name => $defs[name]?.oneOf?.map(({ $ref }) => nameOf($ref)) ?? [name])
}

/** The channel as an AsyncAPI 3 document, from the schema that the code validates with. */
export function asyncApi(schema: Schema): string {
  const { $defs } = schema
  const told = JSON.stringify($defs, (key, value) => (key === 'discriminator' ? undefined : value))
  const schemas = JSON.parse(told.replaceAll('#/$defs/', '#/components/schemas/')) as Record<string, object>
  const all = Object.values(TOPICS).flatMap(({ messages }) => messagesOf(schema, messages))
  const ref = (path: string) => ({ $ref: `#/${path}` })
  const document = {
    asyncapi: '3.0.0',
    info: {
      ...{ title: 'VistterStream Studio channel', version: '1.0.0', license: { name: 'Apache-2.0' } },
      description: `${String(schema.description)} The guide is docs/studio/channel.md.`,
    },
    defaultContentType: 'application/json',
    servers: Object.fromEntries(
      [
        ['mqtts', 'mqtts', 'MQTT over TLS'],
        ['wss', 'wss', 'MQTT over WebSocket'],
      ].map(([name = '', protocol, words]) => [
        name,
        {
          ...{ host: name === 'wss' ? 'studio.example:443' : 'studio.example:8883', protocol },
          description: `${words}. The addresses are those that pairing answers with, tried in their order.`,
          security: [ref('components/securitySchemes/certificate')],
        },
      ]),
    ),
    channels: Object.fromEntries(
      Object.entries(TOPICS).map(([topic, { messages, words }]) => [
        topic,
        {
          address: `vistter/v1/{tenant}/{appliance}/${topic}`,
          description: words,
          parameters: {
            tenant: { description: 'As pairing answers with.' },
            appliance: {
              description: "As pairing answers with; also the certificate's common name and the MQTT client's id.",
            },
          },
          messages: Object.fromEntries(
            messagesOf(schema, messages).map(name => [name, ref(`components/messages/${name}`)]),
          ),
          bindings: { mqtt: { bindingVersion: '0.2.0' } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      Object.entries(TOPICS).map(([topic, { action, words }]) => [
        topic,
        {
          ...{ action, summary: words, channel: ref(`channels/${topic}`) },
          bindings: { mqtt: { qos: 1, retain: topic === 'status', bindingVersion: '0.2.0' } },
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        all.map(name => [
          name,
          {
            ...{
              name,
              title: $defs[name]?.properties?.type?.const ?? 'vistter.event.*',
              summary: $defs[name]?.description,
            },
            payload: { allOf: [ref('components/schemas/Envelope'), ref(`components/schemas/${name}`)] },
          },
        ]),
      ),
      schemas,
      securitySchemes: {
        certificate: {
          type: 'X509',
          description: 'The client certificate of the pairing, for a key that never leaves the appliance.',
        },
      },
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

const cell = (text = '') => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function membersOf(data: Definition | undefined): string {
  const required = data?.required ?? []
  const names = Object.keys(data?.properties ?? {}).map(name => `\`${name}\`${required.includes(name) ? '' : '?'}`)
  return names.join(', ') || 'none'
}

/** docs/reference/studio.md: every message, every code and every event, from what the code itself uses. */
export function studioReference(
  schema: Schema,
  codes: Record<string, readonly [status: number, hint: string]>,
): string {
  const rows = Object.entries(TOPICS).flatMap(([topic, { messages }]) =>
    messagesOf(schema, messages).map(name => {
      const { description, properties } = schema.$defs[name] ?? {}
      const type = properties?.type?.const ?? 'vistter.event.…'
      return `| \`${topic}\` | \`${type}\` | ${membersOf(properties?.data)} | ${cell(description)} |`
    }),
  )
  const events = Object.entries(EVENTS).map(
    ([type, [severity, words]]) => `| \`${type}\` | ${severity} | ${cell(words)} |`,
  )
  const errors = Object.entries(codes).map(([code, [status, hint]]) => `| \`${code}\` | ${status} | ${cell(hint)} |`)
  return `<!-- Generated from runtime/contract by \`npm run generate\`. Do not edit. -->
# Studio channel 1.0: reference

The [guide](../studio/channel.md) says how it works; [asyncapi.json](asyncapi.json) is the same for machines.

## Messages
Members of \`data\`; those with \`?\` may be left out.

| topic | type | data | what it is |
|---|---|---|---|
${rows.join('\n')}

## Statuses of an acknowledgement
${(schema.$defs.AckStatus?.enum ?? []).map(one => `\`${one}\``).join(', ')}: ${schema.$defs.AckStatus?.description}

## Events
\`vistter.event.\` and one of these; how grave it is at most (\`info\` is success).

| type | severity | what has happened |
|---|---|---|
${events.join('\n')}

## Codes
Of acknowledgements (\`code\`), of events (\`data.code\`) and of the API's problem documents, where they have the status beside them.

| code | status | what to do |
|---|---|---|
${errors.join('\n')}
`
}
