import type { Unit } from '../contract/generated/ocl.v1.ts'
import { worldTime } from './data/calendar.ts'
import { isTimezone } from './data/intl.ts'
import { fieldsOf, strayIn } from './data/pattern.ts'
import { isUnit, sameKind } from './data/unit.ts'
import { type Remark, unknown, useless, wrong } from './finding.ts'
import { checkTimes } from './meaning-parts.ts'
import { childOf, isRecord, type Node } from './tree.ts'

const LONGEST_PATTERN = 60

export function checkData(binding: Node, rate: number | undefined): Remark[] {
  const { value, path } = binding
  if (!isRecord(value)) return []
  const format = child(binding, 'format')
  const clock = child(binding, 'clock')
  const countdown = child(binding, 'countdown')
  const ticks = clock.value !== undefined || countdown.value !== undefined
  return [
    ...(clock.value !== undefined && countdown.value !== undefined
      ? [wrong('OCL_STRUCTURE', path, 'must not have both clock and countdown')]
      : []),
    ...checkTimes(binding, { ttl: 'duration' }, rate),
    ...(ticks
      ? ['format', 'ttl', 'onStale', 'staleText']
          .filter(key => Object.hasOwn(value, key))
          .map(key => useless(`${path}/${key}`, 'is without effect: the time itself is the value'))
      : []),
    ...(!ticks && value.staleText !== undefined && value.onStale !== 'text'
      ? [useless(`${path}/staleText`, 'is without effect', 'Say "onStale": "text", or take it out.')]
      : []),
    ...checkFormat(format),
    ...[clock, countdown, ...(childOf(format.value, 'type') === 'date' ? [format] : [])].flatMap(checkPattern),
    ...[clock, format].flatMap(checkTimezone),
    ...checkMoment(countdown, rate),
  ]
}

function checkFormat({ value, path }: Node): Remark[] {
  const [from, to] = ['from', 'to'].map(key => childOf(value, key))
  if (childOf(value, 'type') !== 'unit' || !isUnit(from) || !isUnit(to) || sameKind(from, to)) return []
  return [wrong('OCL_STRUCTURE', `${path}/to`, `${from} cannot be turned into ${to}`, hintFor(from))]
}

const hintFor = (from: Unit): string => `Use a unit of the same kind as ${from}.`

function checkPattern({ value, path }: Node): Remark[] {
  const pattern = childOf(value, 'pattern')
  if (typeof pattern !== 'string' || pattern.length > LONGEST_PATTERN) return []
  const hint = 'Use letters such as HH:mm:ss; what stands between single quotes is only words.'
  if (fieldsOf(pattern).length === 0) return [useless(`${path}/pattern`, 'no part of the time stands in it', hint)]
  const [stray] = strayIn(pattern)
  const meant = `"${stray}" is no part of a time, so it stands there as it is`
  return stray === undefined
    ? []
    : [useless(`${path}/pattern`, meant, 'Months are L, minutes m; put words between single quotes.')]
}

function checkTimezone({ value, path }: Node): Remark[] {
  const timezone = childOf(value, 'timezone')
  if (typeof timezone !== 'string' || timezone.length > 64 || isTimezone(timezone)) return []
  const hint = 'Use a name of the IANA database, such as "Europe/Berlin".'
  return [unknown(`${path}/timezone`, `"${timezone}" is no time zone that is known here, so the site's is used`, hint)]
}

/** Of the form that the schema wants, and yet no moment: a 13th month, say. */
function checkMoment(countdown: Node, rate: number | undefined): Remark[] {
  const to = childOf(countdown.value, 'to')
  if (typeof to !== 'string') return []
  if (!/^\d{4}-\d\d-\d\dT/.test(to)) return checkTimes(countdown, { to: 'time' }, rate)
  if (to.length > 40 || worldTime(to) !== undefined) return []
  const hint = 'Use a time such as "2026-12-31T23:59:59Z".'
  return [wrong('OCL_TIME', `${countdown.path}/to`, `is not a time: "${to}"`, hint)]
}

const child = ({ value, path }: Node, key: string): Node => ({ value: childOf(value, key), path: `${path}/${key}` })
