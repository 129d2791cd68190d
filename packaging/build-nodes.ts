import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { NodeSpec } from '../nodes/lib/spec.ts'
import { formOf, helpOf } from './node-page.ts'

/**
 * The palette: every folder of nodes/ with a node.ts becomes dist/nodes/TYPE/TYPE.{js,html} with locale, help and icon, under
 * the names that Node-RED looks for, and dist/nodes/package.json tells Node-RED and the dashboard about them.
 */
const root = join(import.meta.dirname, '..')
const source = join(root, 'nodes')
const target = join(root, 'dist', 'nodes')

const types = readdirSync(source)
  .filter(name => existsSync(join(source, name, 'node.ts')))
  .sort()
const shared = JSON.parse(readFileSync(join(source, 'lib', 'locale.json'), 'utf8')) as Record<string, unknown>

for (const type of types) rmSync(join(target, type), { recursive: true, force: true })
await bundleRuntime()
const editors = await bundleEditors()
for (const type of types) await page(type, editors.get(type) ?? '')
// The editor's header and tab show it.
cpSync(join(root, 'runtime', 'control', 'web', 'pages', 'static', 'logo.svg'), join(target, 'logo.svg'))
// The editor's Import dialog offers them: Examples, @vistter/nodes.
cpSync(join(root, 'flows', 'examples'), join(target, 'examples'), { recursive: true })
writeManifest()
console.log(`${types.length} nodes in dist/nodes: ${types.join(', ')}`)

async function bundleRuntime(): Promise<void> {
  await build({
    entryPoints: Object.fromEntries(types.map(type => [`${type}/${type}`, join(source, type, 'node.ts')])),
    outdir: target,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    logLevel: 'warning',
  })
}

async function bundleEditors(): Promise<Map<string, string>> {
  const result = await build({
    entryPoints: Object.fromEntries(types.map(type => [type, join(source, type, 'editor.ts')])),
    outdir: target,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'warning',
  })
  return new Map(result.outputFiles.map(file => [file.path.split('/').at(-1)?.replace(/\.js$/, '') ?? '', file.text]))
}

/** The node's page for the editor: its script, and its form, generated from the spec unless the folder brings an editor.html. */
async function page(type: string, editor: string): Promise<void> {
  const folder = join(source, type)
  const { spec } = (await import(join(folder, 'schema.ts'))) as { spec: NodeSpec }
  if (spec.type !== type)
    throw new Error(`nodes/${type}/schema.ts says its type is ${spec.type}; folder and type are one name`)
  const locale = JSON.parse(readFileSync(join(folder, 'locale.json'), 'utf8')) as Record<string, unknown>
  const ownForm = join(folder, 'editor.html')
  const form = existsSync(ownForm) ? readFileSync(ownForm, 'utf8') : formOf(spec, locale)
  const html = [
    `<script type="text/javascript">\n${editor.replaceAll('</script', '<\\/script')}</script>`,
    `<script type="text/html" data-template-name="${type}">\n${form}</script>`,
  ]
  write(join(target, type, `${type}.html`), `${html.join('\n')}\n`)

  const texts = JSON.stringify({ [type]: { ...locale, shared } }, null, 2)
  const help = helpOf(spec, locale, readFileSync(join(folder, 'help.md'), 'utf8'))
  write(join(target, type, 'locales', 'en-US', `${type}.json`), `${texts}\n`)
  write(
    join(target, type, 'locales', 'en-US', `${type}.html`),
    `<script type="text/markdown" data-help-name="${type}">\n${help}</script>\n`,
  )
  mkdirSync(join(target, type, 'icons'), { recursive: true })
  cpSync(join(folder, 'icon.svg'), join(target, type, 'icons', `${type}.svg`))
}

function writeManifest(): void {
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>
  const widgets = types.filter(type => existsSync(join(source, type, 'widget.vue')))
  const manifest = {
    name: '@vistter/nodes',
    version,
    private: true,
    license,
    description: 'The VistterStream palette',
    type: 'module',
    'node-red': { version: '>=5.0.0', nodes: Object.fromEntries(types.map(type => [type, `${type}/${type}.js`])) },
    'node-red-dashboard-2': {
      version: '1.31.0',
      widgets: Object.fromEntries(widgets.map(type => [type, { output: `${type}.umd.js`, component: pascal(type) }])),
    },
  }
  write(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

function pascal(type: string): string {
  return type.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}
