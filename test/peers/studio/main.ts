import { parseArgs } from 'node:util'
import { openStudio } from './open.ts'

/** `npm run studio`: the reference Studio alone, until Ctrl-C. */
const USAGE = `npm run studio -- [--port 7443] [--host 127.0.0.1] [--name HOST]… [--data FOLDER]
                  [--broker mqtts://HOST:8883]… [--broker-ca FILE]

--port      0: any that is free, for its broker, too
--name      by which other machines know this one (with --host 0.0.0.0)
--broker    somebody else's broker instead of the own one; the first is used by Studio itself
--broker-ca who signs its certificate; left out: Studio's own CA (FOLDER/ca.pem)
The password of the page is made at the first start, or taken from VISTTER_STUDIO_PASSWORD.
`

const { values } = parseArgs({
  options: {
    ...{ port: { type: 'string', default: '7443' }, host: { type: 'string', default: '127.0.0.1' } },
    ...{ name: { type: 'string', multiple: true }, data: { type: 'string', default: 'data/studio' } },
    ...{ broker: { type: 'string', multiple: true }, 'broker-ca': { type: 'string' }, help: { type: 'boolean' } },
  },
})

if (values.help) {
  process.stdout.write(USAGE)
} else {
  const quit = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit.abort())
  const { name, broker, data, host } = values
  try {
    const opened = await openStudio({
      ...{ folder: data, host, port: Number(values.port), password: process.env.VISTTER_STUDIO_PASSWORD },
      ...{ names: name, brokers: broker, brokerCa: values['broker-ca'] },
    })
    console.log(opened.words.join('\n'))
    const forever = setInterval(() => {}, 3_600_000)
    await new Promise(resolve => quit.signal.addEventListener('abort', resolve))
    clearInterval(forever)
    await opened.stop()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
