import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { projectRoot } from '../../runtime/lib/project.ts'
import { FlowHostRig, smallShow } from '../peers/flow-host.ts'

const sources = join(projectRoot(), 'nodes')
const built = join(projectRoot(), 'dist', 'nodes')
const folders = readdirSync(sources).filter(name => /^(ui-)?vistter-/.test(name))
const manifest = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8')) as {
  'node-red': { nodes: Record<string, string> }
}

describe('every node is whole: folder = type = icon = locale = help', () => {
  test('the manifest names exactly the folders', () => {
    expect(Object.keys(manifest['node-red'].nodes).sort()).toEqual(folders.sort())
  })

  test.each(folders)('%s', type => {
    const at = (...path: string[]) => join(built, type, ...path)
    expect(existsSync(at(`${type}.js`))).toBe(true)
    expect(readFileSync(at('icons', `${type}.svg`), 'utf8')).toContain('<svg')
    expect(readFileSync(at('locales', 'en-US', `${type}.html`), 'utf8')).toContain(`data-help-name="${type}"`)
    expect(readFileSync(at(`${type}.html`), 'utf8')).toContain(`data-template-name="${type}"`)
    const texts = JSON.parse(readFileSync(at('locales', 'en-US', `${type}.json`), 'utf8')) as Record<string, unknown>
    expect(Object.keys(texts)).toEqual([type])
  })

  test.each(folders)('%s: the form uses only texts that the locale has', type => {
    const html = readFileSync(join(built, type, `${type}.html`), 'utf8')
    const texts = JSON.parse(readFileSync(join(built, type, 'locales', 'en-US', `${type}.json`), 'utf8')) as unknown
    const keys = [...html.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map(match => match[1] ?? '')
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) expect(typeof lookUp(texts, key), key).toBe('string')
  })
})

describe('a real Node-RED', () => {
  const rig = new FlowHostRig(smallShow())
  beforeAll(async () => {
    await rig.start()
    await rig.ready()
  })
  afterAll(() => rig.stop())

  test('loads every node without an error', async () => {
    const { body } = await rig.get('/editor/nodes', { accept: 'application/json' })
    const sets = JSON.parse(body) as { module: string; types: string[]; enabled: boolean; err?: string }[]
    const ours = sets.filter(({ module }) => module === '@vistter/nodes')
    expect(ours.flatMap(({ types }) => types).sort()).toEqual(folders.sort())
    expect(ours.filter(({ err, enabled }) => err || !enabled)).toEqual([])
  })

  test('serves forms, help and icons to the editor', async () => {
    const page = await rig.get('/editor/nodes', { accept: 'text/html' })
    for (const type of folders) {
      expect(page.body).toContain(`data-template-name="${type}"`)
      expect(page.body).toContain(`data-help-name="${type}"`)
      const icon = await rig.get(`/editor/icons/@vistter/nodes/${type}.svg`)
      expect(icon.status).toBe(200)
      expect(icon.body).toContain('<svg')
    }
  })

  test('serves its texts', async () => {
    const { body } = await rig.get('/editor/nodes/messages?lng=en-US')
    for (const type of folders) expect(body).toContain(`"${type}"`)
  })

  test('runs no programs for flows, and installs nothing', async () => {
    const { body } = await rig.get('/editor/nodes', { accept: 'application/json' })
    expect(body).not.toContain('"exec"')
    const settings = JSON.parse((await rig.get('/editor/settings')).body) as { externalModules: unknown; user: unknown }
    expect(settings.externalModules).toMatchObject({ palette: { allowInstall: false } })
  })

  test('lets nobody in but an admin', async () => {
    rig.user = { username: 'olga', role: 'operator' }
    const answer = await rig.get('/editor/flows', { 'x-vistter-user': '{"username":"eve","role":"admin"}' })
    rig.user = { username: 'ada', role: 'admin', session: 's1' }
    expect(answer.status).toBe(401)
    expect((await rig.get('/editor/flows')).status).toBe(200)
  })

  test.each(['Łukasz', 'Мария', '店長', 'Zoë 🎬'])(
    'lets in an admin whose name is %s, and tells who it is',
    async username => {
      rig.user = { username, role: 'admin', session: 's1' }
      const { status, body } = await rig.get('/editor/settings')
      expect(status).toBe(200)
      expect(JSON.parse(body)).toMatchObject({ user: { username } })
    },
  )

  test('web sockets of another site, and of a log-in that has ended, are closed', async () => {
    const foreign = new WebSocket(`${rig.url.replace('http', 'ws')}/editor/comms`, { origin: 'https://evil.example' })
    const refused = await new Promise(resolve => foreign.once('error', resolve))
    expect(String(refused)).toContain('403')

    const mine = new WebSocket(`${rig.url.replace('http', 'ws')}/editor/comms`, { origin: rig.url })
    await new Promise(resolve => mine.once('open', resolve))
    const closed = new Promise(resolve => mine.once('close', () => resolve('closed')).once('error', () => {}))
    rig.host.closeSession('s1')
    expect(await closed).toBe('closed')
  })
})

function lookUp(texts: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (at, part) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined),
      texts,
    )
}
