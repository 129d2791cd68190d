import type { Fault, TestStep } from '../../runtime/contract/generated/openapi.v1.ts'

/** A refusal of the API as people read it: a problem document (RFC 9457). */
export interface Problem extends Fault {
  status: number
  /** How far a camera got that was refused. */
  steps?: TestStep[]
}

const UNREACHABLE: Problem = {
  status: 0,
  code: 'UNREACHABLE',
  detail: 'The appliance does not answer.',
  hint: 'Check the network; it is tried again by itself.',
}

/**
 * Calls the appliance's API with the session cookie. `path` is relative to /api/v1; a form goes as it is, anything else as JSON.
 * Resolves to the answer's body (undefined where there is none); rejects with a Problem, never with anything else.
 * `keepalive`: it goes out also when the page closes meanwhile.
 */
export async function call<T>(method: string, path: string, body?: unknown, keepalive = false): Promise<T> {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    keepalive,
    ...sent(body),
  }).catch(() => undefined)
  if (!answer) throw UNREACHABLE
  const text = await answer.text().catch(() => '')
  if (!answer.ok) throw { ...problemOf(text, answer.status), status: answer.status }
  return (text ? JSON.parse(text) : undefined) as T
}

const sent = (body: unknown): RequestInit => {
  if (body === undefined) return {}
  if (body instanceof FormData) return { body }
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

export function asProblem(thrown: unknown): Problem {
  if (typeof thrown === 'object' && thrown !== null && 'detail' in thrown) return thrown as Problem
  return { ...UNREACHABLE, code: 'INTERNAL', detail: String(thrown), hint: 'Reload the page.' }
}

function problemOf(text: string, status: number): Omit<Problem, 'status'> {
  try {
    const problem = JSON.parse(text) as Problem
    if (problem.detail) return problem
  } catch {
    // Not from the API itself: a proxy's page while the appliance restarts.
  }
  return { code: 'INTERNAL', detail: `The appliance answered with status ${status}.`, hint: 'Try again in a moment.' }
}
