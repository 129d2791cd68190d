import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Route, routes } from '../../runtime/control/web/api.ts'
import { ADMIN, Control, type Told } from '../peers/control.ts'
import { scratch, until } from '../peers/run.ts'

const folder = scratch('access')
const control = new Control(join(folder.path, 'data'))

beforeAll(() => control.start())
afterAll(async () => {
  await control.stop()
  folder.remove()
})

let admin: string
const post = (path: string, body?: unknown, cookie = admin) => control.ask({ method: 'POST', path, body, cookie })

describe('the first start', () => {
  it('makes a certificate for this machine, its key for its owner only', () => {
    const { tls } = control.paths
    const certificate = new X509Certificate(readFileSync(join(tls, 'cert.pem')))
    expect(certificate.subjectAltName).toContain('DNS:localhost')
    expect(certificate.subjectAltName).toContain('IP Address:127.0.0.1')
    expect(certificate.publicKey.asymmetricKeyType).toBe('ec')
    expect(statSync(join(tls, 'key.pem')).mode & 0o777).toBe(0o600)
  })

  it('answers nobody before set-up, but for what is open', async () => {
    expect((await control.ask({ path: '/cameras' })).body).toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' })
    expect((await control.ask({ path: '/setup' })).body).toEqual({ done: false })
    expect((await control.ask({ path: '/openapi.json' })).body).toMatchObject({ openapi: '3.1.0' })
    expect((await control.ask({ path: '/ocl/schema' })).body).toMatchObject({ title: 'OclDocument' })
    expect((await control.ask({ path: '//metrics' })).status).toBe(401)
  })

  it('refuses a set-up that is not right, and leaves everything open for the right one', async () => {
    const refused = [
      { timezone: 'Europe/Berlin', locationName: 'x' },
      { admin: { ...ADMIN, password: 'short' }, timezone: 'Europe/Berlin', locationName: 'x' },
      { admin: ADMIN, timezone: 'Mars/Olympus', locationName: 'x' },
      { admin: ADMIN, timezone: 'Europe/Berlin', locationName: 'x', surprise: 1 },
    ]
    for (const body of refused)
      expect((await control.ask({ method: 'POST', path: '/setup', body })).body).toMatchObject({
        status: 400,
        code: 'BAD_REQUEST',
        hint: expect.any(String),
      })
    expect((await control.ask({ path: '/setup' })).body).toEqual({ done: false })
  })

  it('is set up once, also when two ask at the same time', async () => {
    const statuses = (await Promise.all([control.setUp(), control.setUp()])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, 409])
    expect((await control.setUp()).body).toMatchObject({ status: 409, code: 'SETUP_DONE' })
    expect((await control.ask({ path: '/setup' })).body).toEqual({ done: true })
  })
})

describe('signing in', () => {
  it('gives a cookie that scripts and other sites cannot use', async () => {
    const told = await control.ask({ method: 'POST', path: '/session', body: ADMIN })
    expect(told.status).toBe(204)
    const [cookie = ''] = told.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^vistter_session=[\w-]{43};/)
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/', 'Max-Age=604800'])
      expect(cookie).toContain(attribute)
    admin = cookie.split(';')[0] ?? ''
    expect((await control.ask({ path: '/session', cookie: admin })).body).toEqual({ username: 'Ada', role: 'admin' })
  })

  it('knows a name in any case, and tells a stranger nothing about which names exist', async () => {
    const from = '127.0.0.9'
    const asked = (body: object) => control.ask({ method: 'POST', path: '/session', body, from })
    expect((await asked({ ...ADMIN, username: 'ADA' })).status).toBe(204)
    const wrong = await asked({ username: 'Ada', password: 'wrong' })
    const unknown = await asked({ username: 'Bob', password: 'wrong' })
    expect(wrong.body).toMatchObject({ status: 401, code: 'WRONG_PASSWORD' })
    expect(unknown.body).toEqual(wrong.body)
  })

  it('closes after five wrong tries in a row, for the right password too, and only for that address', async () => {
    const from = '127.0.0.8'
    const wrong = () => control.ask({ method: 'POST', path: '/session', body: { ...ADMIN, password: 'x' }, from })
    const first = await Promise.all(Array.from({ length: 8 }, wrong))
    expect(first.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(first.filter(({ status }) => status === 429)).toHaveLength(3)
    const right = await control.ask({ method: 'POST', path: '/session', body: ADMIN, from })
    expect(right.body).toMatchObject({ status: 429, code: 'TOO_MANY_TRIES' })
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(right.headers['retry-after'])).toBeLessThanOrEqual(60)
    await control.signIn(ADMIN, '127.0.0.7')
  })

  it('is written down, for administrators only', async () => {
    const events = await control.ask<{ type: string }[]>({ path: '/events?type=auth', cookie: admin })
    const types = events.body.map(({ type }) => type)
    expect(new Set(types)).toEqual(new Set(['auth.set-up', 'auth.signed-in', 'auth.failed', 'auth.blocked']))
    expect(JSON.stringify(events.body)).not.toContain(ADMIN.password)
  })

  it('ends with signing out, with everything that was open', async () => {
    const cookie = await control.signIn()
    const stream = await control.open({ path: '/stream', cookie })
    const ended = new Promise(resolve => stream.resume().once('close', resolve))
    stream.on('error', () => {})
    const told = await control.ask({ method: 'DELETE', path: '/session', cookie })
    expect(told.status).toBe(204)
    expect(told.headers['set-cookie']?.[0]).toContain('Max-Age=0')
    await ended
    expect((await control.ask({ path: '/session', cookie })).status).toBe(401)
    expect((await control.ask({ path: '/session', cookie: admin })).status).toBe(200)
  })

  it('refuses changes that a page of another site asks for with our cookie', async () => {
    const from = (headers: Record<string, string>) =>
      control.ask({ method: 'PATCH', path: '/settings', body: {}, cookie: admin, headers })
    expect((await from({ origin: 'https://evil.example' })).body).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    expect((await from({ origin: 'https://127.0.0.1:1' })).status).toBe(403)
    expect((await from({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await from({ origin: control.origin })).status).toBe(200)
    const editor = (path: string, origin: string) =>
      control.ask({ method: 'POST', path, cookie: admin, headers: { origin }, body: {} })
    expect((await editor('//editor/flows', 'https://evil.example')).status).toBe(403)
  })
})

describe('users', () => {
  it('are added, listed, changed and deleted; passwords are never told', async () => {
    const bob = { username: 'Bob', password: 'tr0ub4dor', role: 'operator' }
    const added = await post('/users', bob)
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ id: expect.stringMatching(/^[0-9A-Z]{26}$/), username: 'Bob', role: 'operator' })
    expect((await post('/users', { ...bob, username: 'bob' })).body).toMatchObject({ status: 409, code: 'CONFLICT' })
    expect((await post('/users', { ...bob, username: 'x', role: 'king' })).status).toBe(400)
    const path = `/users/${added.body.id}`

    const cookie = await control.signIn(bob)
    const changed = await control.ask({ method: 'PATCH', path, body: { role: 'viewer' }, cookie: admin })
    expect(changed.body).toMatchObject({ role: 'viewer' })
    expect((await control.ask({ path: '/session', cookie })).status).toBe(401)

    const again = await control.signIn(bob)
    expect((await control.ask({ method: 'DELETE', path, cookie: admin })).status).toBe(204)
    expect((await control.ask({ path: '/session', cookie: again })).status).toBe(401)
    expect((await control.ask({ path, cookie: admin })).body).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    const users = await control.ask({ path: '/users', cookie: admin })
    expect(JSON.stringify(users.body)).not.toMatch(/scrypt|password/)
  })

  it('always include an administrator', async () => {
    const users = await control.ask<{ id: string }[]>({ path: '/users', cookie: admin })
    const path = `/users/${users.body[0]?.id}`
    for (const asked of [{ method: 'DELETE' }, { method: 'PATCH', body: { role: 'operator' } }])
      expect((await control.ask({ ...asked, path, cookie: admin })).status).toBe(409)
    expect((await control.ask({ path: '/session', cookie: admin })).status).toBe(200)
  })
})

describe('tokens', () => {
  it('are shown once, may do what their scope says, and end with their time', async () => {
    const made = await post('/tokens', { name: 'wall', scope: 'read' })
    const token = made.body.token as string
    expect(made.status).toBe(201)
    expect((await control.ask({ path: '/cameras', token })).status).toBe(200)
    expect((await control.ask({ path: '//metrics', token })).body).toContain('vistter_build_info')
    expect((await control.ask({ method: 'POST', path: '/ocl/validate', body: {}, token })).status).toBe(422)
    expect((await control.ask({ method: 'PUT', path: '/data/x', body: { value: 1 }, token })).status).toBe(403)
    expect((await control.ask({ path: '/users', token })).status).toBe(403)
    expect(JSON.stringify((await control.ask({ path: '/tokens', cookie: admin })).body)).not.toContain(token)

    const past = await post('/tokens', { name: 'old', scope: 'admin', expires: '2020-01-01T00:00:00.000Z' })
    expect((await control.ask({ path: '/cameras', token: past.body.token as string })).status).toBe(401)
    expect((await control.ask({ method: 'DELETE', path: `/tokens/${made.body.id}`, cookie: admin })).status).toBe(204)
    expect((await control.ask({ path: '/cameras', token })).status).toBe(401)
  })
})

describe('every route', () => {
  const asking = ({ method, path }: Route, who: { cookie?: string; token?: string }) => ({
    method: method.toUpperCase(),
    path: path.replace('{n}', '9').replace(/\{\w+\}/, 'none'),
    ...who,
  })
  const status = async (route: Route, who: { cookie?: string; token?: string }) => {
    const response = await control.open(asking(route, who))
    response.on('error', () => {}).destroy()
    return response.statusCode
  }
  const rank = { viewer: 0, operator: 1, admin: 2 }

  it('is for whom its role says, and nobody else', async () => {
    const people = { viewer: '', operator: '', admin: '' }
    for (const role of ['viewer', 'operator', 'admin'] as const) {
      const user = { username: `the ${role}`, password: 'long enough', role }
      expect((await post('/users', user)).status).toBe(201)
      people[role] = await control.signIn(user)
    }
    const { token } = (await post('/tokens', { name: 'reader', scope: 'read' })).body
    const table = routes().filter(({ operationId }) => operationId !== 'signOut')
    expect(table.length).toBeGreaterThan(40)
    for (const route of table) {
      const name = `${route.method} ${route.path}`
      if (!route.role) {
        expect(await status(route, {}), name).not.toBe(403)
        continue
      }
      expect(await status(route, {}), `${name} by nobody`).toBe(401)
      expect(await status(route, { cookie: 'vistter_session=guess' }), `${name} by a guess`).toBe(401)
      for (const role of ['viewer', 'operator', 'admin'] as const) {
        const may = rank[role] >= rank[route.role]
        const got = await status(route, { cookie: people[role] })
        if (may) expect([401, 403], `${name} by ${role}`).not.toContain(got)
        else expect(got, `${name} by ${role}`).toBe(403)
      }
      const mayRead = route.role === 'viewer' && (route.method === 'get' || route.path === '/ocl/validate')
      const got = await status(route, { token: token as string })
      if (mayRead) expect([401, 403], `${name} by a token that reads`).not.toContain(got)
      else expect(got, `${name} by a token that reads`).toBe(403)
    }
    const page = (path: string, cookie: string) =>
      control.ask({ path, cookie, headers: { accept: 'text/html' } }).then((told: Told) => told.status)
    expect(await page('//editor/', people.viewer)).toBe(403)
    expect(await page('//editor/', people.operator)).toBe(403)
    expect(await page('//editor/', '')).toBe(302)
    expect(await page('//dashboard/', '')).toBe(302)
    await until('the editor is there', async () => (await page('//editor/', people.admin)) === 200)
    expect([200, 404]).toContain(await page('//editor/resources/nothing.js', people.viewer))
    expect(await page('//dashboard/', people.viewer)).toBe(200)
  }, 120_000)
})

it('a restart of control signs nobody out', async () => {
  await control.stop()
  await control.start()
  expect((await control.ask({ path: '/session', cookie: admin })).body).toEqual({ username: 'Ada', role: 'admin' })
})

it('no password and no session stands in clear in the data folder', () => {
  const files = readdirSync(control.paths.data).filter(name => name.startsWith('vistter.db'))
  expect(files.length).toBeGreaterThan(0)
  const kept = files.map(name => readFileSync(join(control.paths.data, name), 'latin1')).join()
  expect(kept).not.toContain(ADMIN.password)
  expect(kept).not.toContain(admin.split('=')[1])
})
