import { ago, ask, doing, make, statePill, toast } from './element.js'
import { commandForm, configuration, events, history, now, pairing, proof, publish } from './views.js'

const TABS = ['Now', 'Send', 'Publish', 'History', 'Proof of play', 'Configuration', 'Events']
const list = document.getElementById('appliances')
const place = document.getElementById('appliance')
const { commands } = await ask('contract')
let chosen = location.hash.slice(1).split('/')[0]
let tab = decodeURIComponent(location.hash.split('/')[1] ?? '') || 'Now'
/** Forms are not drawn anew while somebody writes in them. */
let drawn = ''
const codes = make('div')
let waiting = -1
let paired = -1

async function draw() {
  const [appliances, offers] = await Promise.all([ask('appliances'), ask('offers')])
  if (!appliances.some(({ id }) => id === chosen)) chosen = appliances[0]?.id ?? ''
  if (waiting !== offers.length || paired !== appliances.length) {
    const isOpen = appliances.length === 0 || offers.length > 0
    codes.replaceChildren(pairing(offers, draw))
    codes.firstChild.open = isOpen
    waiting = offers.length
    paired = appliances.length
  }
  const entries = appliances.map(({ id, serial, model, status, revoked, heardAt }) =>
    make(
      ...['button', { class: 'box', 'aria-current': String(id === chosen), onclick: () => choose(id, tab) }],
      make('span', { class: 'row between' }, make('b', {}, serial), statePill(revoked ? 'revoked' : status.state)),
      make('span', { class: 'quiet' }, `${model} · heard ${ago(heardAt)}`),
    ),
  )
  list.replaceChildren(...entries, codes)
  document.getElementById('line').textContent =
    `${appliances.length} ${appliances.length === 1 ? 'appliance' : 'appliances'}, ${appliances.filter(({ status }) => status.state === 'online').length} online`
  await drawOne()
}

async function drawOne() {
  if (!chosen) {
    place.replaceChildren(
      make(
        'div',
        { class: 'card' },
        make('h2', {}, 'No appliance yet'),
        make('p', { class: 'quiet' }, 'Make a code, and type it in at an appliance.'),
      ),
    )
    return
  }
  const key = `${chosen}/${tab}`
  if (drawn === key && (tab === 'Send' || tab === 'Publish')) return
  const whole = await ask(`appliances/${chosen}`)
  const views = {
    Now: () => now(whole),
    Send: () => commandForm(chosen, commands, whole),
    Publish: () => publish(chosen, commands),
    History: async () => history(await ask(`appliances/${chosen}/commands`)),
    'Proof of play': () => proof(whole.proof),
    Configuration: () => configuration(chosen, whole),
    Events: () => events(whole.events),
  }
  const content = await views[tab]()
  // Meanwhile somebody may have gone elsewhere, or opened something.
  if (key !== `${chosen}/${tab}`) return
  const open = drawn === key ? [...place.querySelectorAll('details[open] > summary')].map(one => one.textContent) : []
  const revoke = doing(async () => {
    if (!confirm(`End the pairing with ${whole.serial}? Its show goes on.`)) return
    await ask(`appliances/${chosen}/commands`, 'POST', { type: 'vistter.command.credentials.revoke', data: {} })
    toast('It erases its key now.')
  })
  const tabs = TABS.map(name =>
    make('button', { role: 'tab', 'aria-selected': String(name === tab), onclick: () => choose(chosen, name) }, name),
  )
  place.replaceChildren(
    make(
      ...['div', { class: 'row between' }],
      make(
        'div',
        { class: 'row' },
        make('h2', {}, whole.serial),
        statePill(whole.revoked ? 'revoked' : whole.status.state),
      ),
      make('button', { class: 'danger', onclick: revoke }, 'Revoke'),
    ),
    make('p', { class: 'quiet' }, whole.id),
    make('div', { class: 'tabs', role: 'tablist' }, tabs),
    ...content,
  )
  for (const one of place.querySelectorAll('details')) one.open = open.includes(one.firstChild.textContent)
  place.querySelector('[aria-selected="true"]').scrollIntoView({ block: 'nearest', inline: 'nearest' })
  drawn = key
}

function choose(id, name) {
  chosen = id
  tab = name
  location.hash = `${id}/${encodeURIComponent(name)}`
  redraw()
}

function redraw() {
  draw().catch(error => toast(error.message))
}
await draw()
// Who is silent has no news: how long ago it was heard is told all the same.
setInterval(redraw, 10_000)
const news = new EventSource('desk/v1/stream')
news.onmessage = redraw
news.onerror = () => {
  document.getElementById('line').textContent = 'Studio does not answer.'
}
