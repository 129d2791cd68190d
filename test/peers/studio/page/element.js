/** An element: `make('p', { class: 'quiet', onclick }, 'text', child)`. Texts are texts, never HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value)
    else if (key === 'value') element.value = value
    else element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children.flat(9).filter(child => child !== undefined && child !== null && child !== false))
  return element
}

export const when = text => (text ? new Date(text).toLocaleString() : 'never')

/** How long ago, as one says it. */
export function ago(text) {
  if (!text) return 'never'
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(text)) / 1_000))
  if (seconds < 60) return `${seconds} s ago`
  return seconds < 3_600 ? `${Math.round(seconds / 60)} min ago` : when(text)
}

export const pill = (text, mood = '') => make('span', { class: `pill ${mood}` }, text)

const MOODS = {
  ...{ online: 'good', done: 'good', live: 'good', ok: 'good', info: '' },
  ...{ offline: 'bad', failed: 'bad', rejected: 'bad', error: 'bad', expired: 'warn', warning: 'warn' },
  ...{ degraded: 'warn', frozen: 'warn', reconnecting: 'warn' },
}
export const statePill = state => pill(String(state ?? 'unknown'), MOODS[state] ?? '')

/** A value in a few words: what lies deeper is named and counted up, numbers have two places at most. */
export function words(value) {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map(words).join(', ') || '–'
  return (
    Object.entries(value)
      .map(([name, one]) => `${name} ${words(one)}`)
      .join(', ') || '–'
  )
}

export const gigabytes = bytes => `${(bytes / 1e9).toFixed(1)} GB`

/** Seconds, as one says it. */
export function lasting(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** Names and values. */
export function facts(value) {
  const rows = Object.entries(value ?? {}).map(([name, one]) => [make('dt', {}, name), make('dd', {}, words(one))])
  return rows.length ? make('dl', {}, rows) : make('p', { class: 'quiet' }, 'Nothing was told yet.')
}

export const json = value => make('pre', {}, JSON.stringify(value, null, 2))

export async function ask(path, method = 'GET', body) {
  const isFile = body instanceof Blob
  const response = await fetch(`desk/v1/${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': isFile ? 'application/octet-stream' : 'application/json' },
      body: isFile ? body : JSON.stringify(body),
    }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text && text !== '{}' ? text : response.statusText}`)
  return text ? JSON.parse(text) : undefined
}

let hiding
export function toast(text) {
  const place = document.getElementById('toast')
  place.textContent = text
  place.hidden = false
  clearTimeout(hiding)
  hiding = setTimeout(() => {
    place.hidden = true
  }, 6_000)
}

/** Runs what a button does, and says what went wrong. */
export const doing = work => async event => {
  event?.preventDefault()
  try {
    await work(event)
  } catch (error) {
    toast(error.message)
  }
}
