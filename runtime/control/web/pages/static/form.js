/** Posts JSON to the API. Resolves to the answer's body; rejects with the problem document (RFC 9457) plus `retryAfter` in seconds. */
export async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined)
  if (!answer) throw { detail: 'The appliance does not answer.', hint: 'Check the network and try again.' }
  const text = await answer.text()
  if (answer.ok) return text ? JSON.parse(text) : undefined
  throw {
    ...asProblem(text, answer.status),
    status: answer.status,
    retryAfter: Number(answer.headers.get('retry-after')) || 0,
  }
}

/** Runs `send(values)` on submit, one at a time; shows what went wrong, and holds the button while the server asks to wait. */
export function onSubmit(form, send) {
  const button = form.querySelector('[type=submit]')
  const label = button.textContent
  form.addEventListener('submit', async event => {
    event.preventDefault()
    if (button.disabled) return
    button.disabled = true
    showProblem(undefined)
    try {
      await send(Object.fromEntries(new FormData(form)))
    } catch (problem) {
      showProblem(problem)
      await countDown(button, problem.retryAfter ?? 0)
      button.textContent = label
      button.disabled = false
    }
  })
}

/** Wires the "Show" buttons beside password fields. */
export function revealPasswords() {
  for (const button of document.querySelectorAll('[data-reveals]')) {
    const input = document.getElementById(button.dataset.reveals)
    button.addEventListener('click', () => {
      const shown = input.type === 'password'
      input.type = shown ? 'text' : 'password'
      button.textContent = shown ? 'Hide' : 'Show'
      button.setAttribute('aria-pressed', String(shown))
    })
  }
}

/** The page asked for before sign-in. Only a path of this appliance is followed: anything else could lead a password elsewhere. */
export function nextPage() {
  const wanted = new URLSearchParams(location.search).get('next') ?? ''
  const url = URL.canParse(wanted, location.origin) ? new URL(wanted, location.origin) : undefined
  return url?.origin === location.origin && wanted.startsWith('/') ? url.pathname + url.search + url.hash : '/dashboard'
}

function showProblem(problem) {
  const box = document.getElementById('problem')
  box.hidden = !problem
  box.replaceChildren()
  if (!problem) return
  for (const [name, text] of [
    ['detail', problem.detail],
    ['hint', problem.hint],
  ]) {
    if (!text) continue
    const line = document.createElement('p')
    line.className = name
    line.textContent = text
    box.append(line)
  }
  box.focus()
}

async function countDown(button, seconds) {
  for (let left = Math.ceil(seconds); left > 0; left--) {
    button.textContent = `Try again in ${left} s`
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
}

function asProblem(text, status) {
  try {
    return JSON.parse(text)
  } catch {
    return { detail: `The appliance answered with status ${status}.`, hint: 'Try again in a moment.' }
  }
}
