import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openStudio } from '../peers/studio/open.ts'
import type { ReferenceStudio } from '../peers/studio/studio.ts'
import { ApplianceSubject } from './appliance/scene.ts'
import { APPLIANCE_CASES } from './appliance/suite.ts'
import { conform, type Verdict } from './case.ts'
import { Subject } from './studio/guest.ts'
import { STUDIO_CASES } from './studio/suite.ts'

/** `npm run conformance`: tries a Studio, or an appliance, against the contract. docs/studio/conformance.md */
const USAGE = `npm run conformance -- --studio URL [--ca FILE] [--user NAME] [--json]
npm run conformance -- --appliance [--host 127.0.0.1] [--name HOST] [--port 7443] [--data FOLDER] [--json]

--studio     asks a Studio; VISTTER_STUDIO_PASSWORD is the password of its test calls
--appliance  makes a Studio, and waits for an appliance that pairs with it. Its show is changed, its pairing ended.
--json       the verdicts as JSON on standard output
Exit code: 0 all passed, 1 something failed, 2 it could not be tried.
`

const { values } = parseArgs({
  options: {
    ...{ studio: { type: 'string' }, ca: { type: 'string' }, user: { type: 'string', default: 'studio' } },
    ...{ appliance: { type: 'boolean' }, host: { type: 'string' }, name: { type: 'string', multiple: true } },
    ...{ port: { type: 'string', default: '7443' }, data: { type: 'string', default: 'data/conformance' } },
    ...{ json: { type: 'boolean' }, help: { type: 'boolean' } },
  },
})
const say = (text: string) => (values.json ? process.stderr : process.stdout).write(`${text}\n`)
const tell = ({ passed, clause, name, seen, ms }: Verdict) =>
  say(`${passed ? 'ok  ' : 'FAIL'}  ${clause}: ${name} (${ms} ms)${passed ? '' : `\n      ${seen}`}`)

const verdicts = await tried().catch(error => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(2)
})
const failed = verdicts.filter(({ passed }) => !passed)
if (values.json) process.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`)
say(`${verdicts.length} cases, ${verdicts.length - failed.length} passed, ${failed.length} failed`)
process.exit(failed.length > 0 ? 1 : 0)

async function tried(): Promise<Verdict[]> {
  if (values.studio) return tryStudio(values.studio)
  if (values.appliance) return tryAppliance()
  process.stdout.write(USAGE)
  process.exit(values.help ? 0 : 2)
}

async function tryStudio(url: string): Promise<Verdict[]> {
  const password = process.env.VISTTER_STUDIO_PASSWORD
  if (password === undefined) throw new Error('Set VISTTER_STUDIO_PASSWORD to the password of the Studio under test.')
  const ca = values.ca === undefined ? undefined : readFileSync(values.ca, 'utf8')
  const subject = new Subject(url, ca, values.user, password)
  const verdicts = await conform('studio', STUDIO_CASES, subject, tell)
  await subject.close()
  return verdicts
}

async function tryAppliance(): Promise<Verdict[]> {
  const { data: folder, host, name: names } = values
  const opened = await openStudio({ folder, host: host ?? '127.0.0.1', port: Number(values.port), names })
  const { studio } = opened
  try {
    const before = new Set(studio.told('status').map(({ id }) => id))
    say(`${opened.words.join('\n')}\n  Pair the appliance with ${studio.url} and the code ${studio.issue()}.\n`)
    const appliance = await arrival(studio, before)
    return await conform('appliance', APPLIANCE_CASES, new ApplianceSubject(studio, appliance), tell)
  } finally {
    await opened.stop()
  }
}

/** The first appliance that says that it is online; as long as its code is good. */
async function arrival(studio: ReferenceStudio, before: Set<unknown>): Promise<string> {
  const end = Date.now() + 10 * 60_000
  while (Date.now() < end) {
    const status = studio.told('status').find(({ id }) => !before.has(id))
    if (status) return String(status.source).split('/').at(-1) ?? ''
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error('No appliance has come within 10 minutes.')
}
