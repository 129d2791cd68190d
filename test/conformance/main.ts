import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openStudio } from '../peers/studio/open.ts'
import type { ReferenceStudio } from '../peers/studio/studio.ts'
import { ApplianceSubject } from './appliance/scene.ts'
import { APPLIANCE_CASES } from './appliance/suite.ts'
import { type Case, conform, type Verdict } from './case.ts'
import { report, tally } from './report.ts'
import { Subject } from './studio/guest.ts'
import { STUDIO_CASES } from './studio/suite.ts'

/** `npm run conformance`: tries a Studio, or an appliance, against the contract. docs/studio/conformance.md */
const USAGE = `npm run conformance -- --studio URL [--ca FILE] [--user NAME] [--only TEXT] [--json]
npm run conformance -- --appliance [--host 127.0.0.1] [--name HOST] [--port 7443] [--data FOLDER] [--only TEXT] [--json]

--studio     asks a Studio; VISTTER_STUDIO_PASSWORD is the password of its test calls
--appliance  makes a Studio, and waits for an appliance that pairs with it. Its show is changed, its pairing ended.
--port       0: any that is free
--only       the cases whose clause and name hold this text
--json       the verdicts as JSON on standard output
Exit code: 0 all passed, 1 something failed, 2 it could not be tried.
`

const { values } = parseArgs({
  options: {
    ...{ studio: { type: 'string' }, ca: { type: 'string' }, user: { type: 'string', default: 'studio' } },
    ...{ appliance: { type: 'boolean' }, host: { type: 'string' }, name: { type: 'string', multiple: true } },
    ...{ port: { type: 'string', default: '7443' }, data: { type: 'string', default: 'data/conformance' } },
    ...{ only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  },
})
const say = (text: string) => (values.json ? process.stderr : process.stdout).write(`${text}\n`)
const tell = (verdict: Verdict) => say(report(verdict))

const verdicts = await tried().catch(error => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(2)
})
if (values.json) process.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`)
say(tally(verdicts))
process.exit(verdicts.every(({ passed }) => passed) ? 0 : 1)

async function tried(): Promise<Verdict[]> {
  if (values.studio) return tryStudio(values.studio)
  if (values.appliance) return tryAppliance()
  process.stdout.write(USAGE)
  process.exit(values.help ? 0 : 2)
}

/** Throws where there is none: nothing that was tried is not the same as nothing that failed. */
function chosen<Context>(cases: Case<Context>[]): Case<Context>[] {
  const { only = '' } = values
  const found = cases.filter(({ clause, name }) => `${clause}: ${name}`.toLowerCase().includes(only.toLowerCase()))
  if (found.length === 0) throw new Error(`No case has "${only}" in its clause or name.`)
  return found
}

async function tryStudio(url: string): Promise<Verdict[]> {
  const password = process.env.VISTTER_STUDIO_PASSWORD
  if (password === undefined) throw new Error('Set VISTTER_STUDIO_PASSWORD to the password of the Studio under test.')
  const ca = values.ca === undefined ? undefined : readFileSync(values.ca, 'utf8')
  const subject = new Subject(url, ca, values.user, password)
  const cases = chosen(STUDIO_CASES)
  await subject.person.ready()
  const verdicts = await conform('studio', cases, subject, tell)
  await subject.close()
  return verdicts
}

async function tryAppliance(): Promise<Verdict[]> {
  const { data: folder, host, name: names } = values
  const cases = chosen(APPLIANCE_CASES)
  const opened = await openStudio({ folder, host: host ?? '127.0.0.1', port: Number(values.port), names })
  const { studio } = opened
  try {
    const before = new Set(studio.told('status').map(({ id }) => id))
    say(`${opened.words.join('\n')}\n  Pair the appliance with ${studio.url} and the code ${studio.issue()}.\n`)
    const appliance = await arrival(studio, before)
    return await conform('appliance', cases, new ApplianceSubject(studio, appliance), tell)
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
