import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVENTS } from '../runtime/contract/events.ts'

/** What an event's type looks like in the source, also where a part of it is worked out. */
const TYPE = /['`]([a-z]+\.(?:[a-z-]|\$\{\w+\})+)['`]/g
/** Where it is one: as `type`, or beside how grave it is. Calls of the flow and types of messages look alike. */
const IS_EVENT = /\btype\b.*[:?=]|'(?:info|warning|error)'/
const IS_NONE = /FlowCalls|Omit<|\btype [A-Z]/

/** Events that the runtime tells and the enumeration lacks: `file: type`. */
export function unlistedEvents(root: string): string[] {
  const known = Object.keys(EVENTS)
  const files = readdirSync(join(root, 'runtime'), { recursive: true, encoding: 'utf8' })
  return files
    .filter(file => file.endsWith('.ts') && !file.startsWith('contract/') && !file.startsWith('ocl/'))
    .flatMap(file =>
      typesIn(readFileSync(join(root, 'runtime', file), 'utf8'))
        .filter(type => !known.some(one => patternOf(type).test(one)))
        .map(type => `${file}: ${type}`),
    )
}

function typesIn(source: string): string[] {
  const lines = source.split('\n').filter(line => IS_EVENT.test(line) && !IS_NONE.test(line))
  const types = lines.flatMap(line => [...line.matchAll(TYPE)].map(([, type = '']) => type))
  return types.filter(type => !type.startsWith('vistter.'))
}

const patternOf = (type: string): RegExp => new RegExp(`^${type.replace('.', '\\.').replace(/\$\{\w+\}/g, '[a-z-]+')}$`)
