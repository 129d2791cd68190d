import { ask, doing, facts, gigabytes, json, lasting, make, pill, statePill, toast, when } from './element.js'
import { EXAMPLES, form, knownTo } from './forms.js'

const short = type => type.replace('vistter.command.', '')
const empty = text => make('p', { class: 'quiet' }, text)
const card = (...children) => make('div', { class: 'card' }, ...children)

async function send(id, type, data, more = {}) {
  const sent = await ask(`appliances/${id}/commands`, 'POST', { type, data, ...more })
  toast(`${short(type)} is on its way (${sent.id}).`)
}

/** What is not as appliances of today tell it is shown as it is. */
const healthOf = ({ memory, uptime, load, cpus, ...rest }) => ({
  ...rest,
  load: Array.isArray(load) && cpus ? `${load.map(one => one.toFixed(1)).join(', ')} on ${cpus} cores` : load,
  memory: memory?.total ? `${gigabytes(memory.free)} of ${gigabytes(memory.total)} free` : memory,
  uptime: typeof uptime === 'number' ? lasting(uptime) : uptime,
})

/** Program, outputs, cameras, health: as the last telemetry says. */
export function now({ telemetry, summary, capabilities, status, heardAt, software, serial, model }) {
  const { program, outputs = [], cameras = [], health } = telemetry?.data ?? {}
  const list = (items, words) => (items.length ? items.map(words) : [empty('None.')])
  const state = one =>
    make('p', { class: 'row between' }, one.name ?? one.id ?? '?', statePill(one.state?.status ?? one.status))
  return [
    make(
      ...['div', { class: 'tiles' }],
      card(make('h3', {}, 'On air'), facts(program)),
      card(make('h3', {}, 'Outputs'), ...list(outputs, state)),
      card(make('h3', {}, 'Cameras'), ...list(cameras, state)),
      card(make('h3', {}, 'Health'), facts(health && healthOf(health))),
      card(
        make('h3', {}, 'Appliance'),
        facts({ serial, model, software, since: when(status?.since), heard: when(heardAt) }),
      ),
    ),
    make(
      'details',
      { class: 'card' },
      make('summary', {}, 'Summary of the last five minutes'),
      json(summary?.data ?? {}),
    ),
    make(
      'details',
      { class: 'card' },
      make('summary', {}, 'Capabilities'),
      json(capabilities?.data?.capabilities ?? {}),
    ),
  ]
}

/** Any command, by a form that its schema makes. */
export function commandForm(id, commands, appliance) {
  const known = knownTo(appliance)
  const place = make('div')
  const until = make('input', { type: 'number', min: '1', value: '60' })
  let current
  const choose = make(
    ...['select', { 'aria-label': 'Command', onchange: () => pick() }],
    commands.map(({ type }) => make('option', { value: type }, short(type))),
  )
  const pick = () => {
    const { type, description, data } = commands.find(one => one.type === choose.value)
    const example = {
      ...EXAMPLES[type],
      ...(type.endsWith('heartbeat') && { studioTime: new Date().toISOString() }),
    }
    const made = form(data, example, known)
    current = { type, read: made.read }
    place.replaceChildren(make('p', { class: 'quiet' }, description), ...made.elements)
  }
  pick()
  const submit = doing(async () => {
    const expiresat = new Date(Date.now() + Number(until.value) * 1_000).toISOString()
    await send(id, current.type, current.read(), { expiresat })
  })
  return [
    make(
      ...['form', { class: 'card', onsubmit: submit }],
      make('label', {}, make('span', {}, make('b', {}, 'Command')), choose),
      place,
      make('label', {}, make('span', {}, make('b', {}, 'Good for'), ' ', make('em', {}, 'seconds')), until),
      make('button', { class: 'first' }, 'Send'),
    ),
  ]
}

/** A timeline, an overlay, a segment. */
export function publish(id, commands) {
  const one = (title, type, then) => {
    const { data: schema, description } = commands.find(command => command.type === type)
    const made = form(schema, EXAMPLES[type])
    const go = follow =>
      doing(async () => {
        const data = made.read()
        await send(id, type, data)
        if (follow) await send(id, follow.type, follow.data(data))
      })
    return make(
      ...['form', { class: 'card', onsubmit: go() }],
      make('h2', {}, title),
      make('p', { class: 'quiet' }, description),
      made.elements,
      make(
        ...['div', { class: 'row' }],
        make('button', { class: 'first' }, 'Publish'),
        then && make('button', { type: 'button', onclick: go(then) }, then.title),
      ),
    )
  }
  const start = { type: 'vistter.command.timeline.start', title: 'Publish and start' }
  const file = make('input', { type: 'file', accept: '.vseg,.zip,.json' })
  const upload = doing(async () => {
    if (!file.files[0]) throw new Error('Choose a .vseg file.')
    await send(id, 'vistter.command.segment.publish', await ask('files', 'POST', file.files[0]), {
      expiresat: inTenMinutes(),
    })
  })
  return [
    one('Timeline', 'vistter.command.timeline.publish', {
      ...start,
      data: ({ timeline }) => ({ timeline: timeline.id }),
    }),
    one('Overlay', 'vistter.command.overlay.apply'),
    make(
      ...['form', { class: 'card', onsubmit: upload }],
      make('h2', {}, 'Segment'),
      make(
        'label',
        {},
        make('span', {}, make('b', {}, 'Package'), ' ', make('em', {}, 'the appliance fetches it from here')),
        file,
      ),
      empty(
        `Where this Studio is in a private network, the settings of the appliance have to allow it: ${location.hostname} in privateAssetHosts.`,
      ),
      make('button', { class: 'first' }, 'Publish'),
    ),
  ]
}

const inTenMinutes = () => new Date(Date.now() + 600_000).toISOString()

/** What was sent, each with all that was said about it. */
export function history(commands) {
  if (!commands.length) return [empty('Nothing was sent yet.')]
  const line = command => {
    const last = command.acks.at(-1)
    const steps = command.acks.map(({ status, at }) => `${status} +${Date.parse(at) - Date.parse(command.time)} ms`)
    const resend = doing(async () => {
      await ask(`commands/${command.id}/resend`, 'POST')
      toast('Sent again under the same id: it is not carried out twice.')
    })
    return make(
      'li',
      {},
      make(
        'div',
        { class: 'row between' },
        make('b', {}, short(command.type)),
        statePill(last?.status ?? 'on its way'),
      ),
      make('p', { class: 'quiet' }, `${when(command.time)} · ${steps.join(' → ') || 'nothing heard yet'}`),
      last?.message && make('p', {}, `${last.code ?? ''} ${last.message} ${last.hint ?? ''}`),
      make(
        ...['details', {}],
        make('summary', {}, command.id),
        json({ data: command.data, acks: command.acks }),
        make('button', { onclick: resend }, 'Send again'),
      ),
    )
  }
  return [make('ol', { class: 'log card' }, commands.map(line))]
}

/** Each time of something on air; what was told again stands for what was told before. */
export function proof(all) {
  if (!all.length) return [empty('No proof of play was told yet.')]
  const keyOf = ({ data: { kind, program, overlay, source, cue, asset, from } }) =>
    JSON.stringify([kind, program, overlay, source, cue, asset, from])
  const oldestFirst = all.toSorted((a, b) => a.data.id - b.data.id)
  const rows = [...new Map(oldestFirst.map(one => [keyOf(one), one])).values()].reverse()
  const row = ({ data: { overlay, cue, asset, name, advertisers = [], from, to, frames, ended } }) =>
    make(
      'tr',
      {},
      [
        overlay ?? 'picture',
        cue ?? name ?? '',
        asset ?? '',
        advertisers.join(', '),
        when(from),
        ended ? when(to) : 'on air',
        frames,
      ].map(text => make('td', {}, String(text))),
    )
  const heads = ['Overlay', 'Cue or source', 'Asset', 'Advertiser', 'From', 'To', 'Frames'].map(text =>
    make('th', {}, text),
  )
  return [
    make(
      ...['div', { class: 'card scroll' }],
      make('table', {}, make('thead', {}, make('tr', {}, heads)), make('tbody', {}, rows.map(row))),
    ),
  ]
}

export function events(all) {
  if (!all.length) return [empty('No event was told yet.')]
  const line = ({ type, time, data }) =>
    make(
      ...['li', {}],
      make(
        'div',
        { class: 'row between' },
        make('b', {}, type.replace('vistter.event.', '')),
        statePill(data.severity),
      ),
      make('p', {}, data.message ?? ''),
      make('p', { class: 'quiet' }, when(time)),
    )
  return [make('ol', { class: 'log card' }, all.map(line))]
}

/** The configuration, what changed it, and the way back. */
export function configuration(id, { configuration: present, changes }) {
  const get = doing(() => send(id, 'vistter.command.config.get', {}))
  const rollback = version =>
    doing(async () => {
      if (confirm(`Go back to version ${version}?`))
        await send(id, 'vistter.command.config.patch', { rollback: version })
    })
  const step = ({ op, path, value }) =>
    make(
      'div',
      { class: op === 'remove' ? 'gone' : 'added' },
      `${op} ${path}${op === 'remove' ? '' : ` = ${JSON.stringify(value)}`}`,
    )
  const newest = Math.max(0, ...changes.map(({ data }) => data.details?.version ?? 0))
  const change = ({ time, data: { message, actor, details = {} } }) => {
    const steps = details.patch ?? details.diff ?? []
    // A password alone makes no version, and does not come back.
    const before = details.version > 1 && steps.length ? details.version - 1 : undefined
    return make(
      ...['li', {}],
      make(
        'div',
        { class: 'row between' },
        make('b', {}, details.version ? `Version ${details.version}` : message),
        before !== undefined &&
          make(
            ...['button', { onclick: rollback(before) }],
            details.version === newest ? 'Undo' : `Back to version ${before}`,
          ),
      ),
      make('p', { class: 'quiet' }, [when(time), actor].filter(Boolean).join(' · ')),
      make('code', {}, steps.length ? steps.map(step) : (details.paths ?? []).join(', ')),
    )
  }
  return [
    card(
      make(
        'div',
        { class: 'row between' },
        make('h2', {}, present?.version ? `Version ${present.version}` : 'Configuration'),
        make('button', { class: 'first', onclick: get }, 'Ask for it'),
      ),
      present ? json(present) : empty('It was not asked for yet.'),
    ),
    make('h3', {}, 'Changes'),
    changes.length ? make('ol', { class: 'log card' }, changes.map(change)) : empty('None was told yet.'),
  ]
}

/** Codes: to be typed in there, or here. */
export function pairing(offers, redraw) {
  const place = make('p')
  const issue = doing(async () => {
    const { code, until } = await ask('codes', 'POST')
    place.replaceChildren(
      make('span', { class: 'code' }, code),
      ` Type it in at the appliance with ${location.origin}, until ${new Date(until).toLocaleTimeString()}.`,
    )
  })
  const typed = make('input', { placeholder: 'ABCD-2345', 'aria-label': 'Code that the appliance shows' })
  const accept = doing(async () => {
    await ask(`offers/${encodeURIComponent(typed.value.trim().toUpperCase())}`, 'POST').catch(() => {
      throw new Error('No appliance shows this code (any more).')
    })
    toast('It is paired.')
    redraw()
  })
  return make(
    ...['details', { class: 'card' }],
    make('summary', {}, 'Pair an appliance ', offers.length ? pill(`${offers.length} waiting`, 'warn') : ''),
    make('p', {}, make('button', { class: 'first', onclick: issue }, 'Make a code')),
    place,
    make('form', { class: 'row', onsubmit: accept }, typed, make('button', {}, 'Accept the code it shows')),
    offers.map(({ serial, model }) => make('p', { class: 'quiet' }, `${model} ${serial} shows a code.`)),
  )
}
