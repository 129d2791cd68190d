import { type Case, shouldBe, under } from '../case.ts'
import { SAMPLES, type Sample, TYPES } from '../studio/commands.ts'
import { type Acked, type ApplianceSubject, FINAL, SOON, words } from './scene.ts'

type Row = (type: string, sample: Sample) => Case<ApplianceSubject>[]

const COURSE = ['received', 'ready', 'running', 'done']
const HEARTBEAT = 'vistter.command.heartbeat'
/** The last of all: afterwards there is nobody to be asked. */
export const REVOKE = 'vistter.command.credentials.revoke'

const commands = under<ApplianceSubject>('Commands')
const acks = under<ApplianceSubject>('Acknowledgements')
const versions = under<ApplianceSubject>('Versions')
const expiry = under<ApplianceSubject>('Expiry')

/** received first; then only forward; one last word. */
function isCourse(all: Acked[]): boolean {
  const finals = all.filter(({ status }) => FINAL.includes(status))
  const steps = all.map(({ status }) => (status === 'failed' ? 'done' : status)).map(status => COURSE.indexOf(status))
  const forward = steps.every((step, n) => step >= 0 && (n === 0 ? step === 0 : step > (steps[n - 1] ?? 0)))
  return finals.length === 1 && forward
}

const told = (all: Acked[], status: string, code: string): boolean => {
  const [ack] = all
  const explained = Boolean(ack?.message && ack.hint && ack.path !== undefined)
  return all.length === 1 && ack?.status === status && ack.code === code && explained
}

/** Studio's time has to be true, whatever the sample says. */
const fresh = (subject: ApplianceSubject, type: string, data: object) =>
  type === HEARTBEAT ? { ...data, studioTime: new Date(subject.studio.now()).toISOString() } : data

const of: Row = (type, { data }) => {
  const isBeat = type === HEARTBEAT
  const rows: Case<ApplianceSubject>[] = [
    acks(`${type}: \`received\` within 3 s, then forward to one last word`, async subject => {
      const said = subject.command(type, fresh(subject, type, data))
      const began = performance.now()
      const all = await subject.done(said)
      const late = performance.now() - began > SOON && all.length === 0
      return shouldBe(!late && isCourse(all), 'received … done or failed', words(all))
    }),
    commands(`${type}: a member that there is not is rejected, and named`, async subject => {
      const all = await subject.done(subject.command(type, { ...fresh(subject, type, data), mood: 'calm' }))
      return shouldBe(
        told(all, 'rejected', 'COMMAND_MALFORMED'),
        'rejected COMMAND_MALFORMED with path and hint',
        words(all),
      )
    }),
    commands(`${type}: data that is no object is rejected`, async subject => {
      const all = await subject.done({ ...subject.command(type, {}), data: 'please' })
      return shouldBe(
        told(all, 'rejected', 'COMMAND_MALFORMED'),
        'rejected COMMAND_MALFORMED with path and hint',
        words(all),
      )
    }),
    versions(`${type}: in version 1.9 what is new is left out`, async subject => {
      const later = { ...fresh(subject, type, data), mood: 'calm' }
      const all = await subject.done(subject.command(type, later, { schemaversion: '1.9' }))
      return shouldBe(isCourse(all), 'received … done or failed', words(all))
    }),
    commands(`${type}: an id that was seen is not carried out again`, async subject => {
      const said = subject.command(type, fresh(subject, type, data))
      const before = await subject.done(said)
      await subject.give(said)
      await subject.isWell()
      const after = subject.acks(String(said.id))
      return shouldBe(after.length === before.length, `${before.length} acks`, `${after.length} acks`)
    }),
  ]
  if (!isBeat)
    rows.push(
      expiry(`${type}: too late, it ends as \`expired\` and does nothing`, async subject => {
        const expiresat = new Date(subject.studio.now() - 1_000).toISOString()
        const all = await subject.done(subject.command(type, data, { expiresat }))
        const right = all.length === 1 && all[0]?.status === 'expired' && Boolean(all[0].hint)
        return shouldBe(right, 'expired, and nothing else', words(all))
      }),
    )
  return rows
}

const first = (type: string) => SAMPLES.find(sample => sample.type === type)

/** Every command of the contract. One that asks for something that there is not, such as a camera of the sample, may fail. */
export const COMMAND_CASES: Case<ApplianceSubject>[] = TYPES.filter(type => type !== REVOKE).flatMap(type => {
  const sample = first(type)
  return sample ? of(type, sample) : []
})
