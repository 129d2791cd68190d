import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { build, type Plugin } from 'vite'
import cssInjectedByJs from 'vite-plugin-css-injected-by-js'

/**
 * The browser halves of the dashboard widgets: nodes/ui-vistter-NAME/widget.vue becomes
 * dist/nodes/resources/ui-vistter-NAME.umd.js. Dashboard 2.0 imports that file, finds the component as
 * window['ui-vistter-NAME'].UiVistterName, and lends its own Vue.
 */
const root = join(import.meta.dirname, '..')
const nodes = join(root, 'nodes')
/** Not on disk: vite asks for an absolute path, and entryOf answers for it. */
const ENTRY = join(nodes, 'widget-entry.ts')

for (const type of readdirSync(nodes).filter(name => name.startsWith('ui-vistter-'))) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [entryOf(type), vue(), cssInjectedByJs()],
    build: {
      outDir: join(root, 'dist', 'nodes', 'resources'),
      emptyOutDir: false,
      cssCodeSplit: false,
      lib: { entry: ENTRY, formats: ['umd'], name: type, fileName: () => `${type}.umd.js` },
      rolldownOptions: { external: ['vue'], output: { globals: { vue: 'Vue' } } },
    },
  })
}

/** The library entry: the folder's component under the name that the dashboard looks for. */
function entryOf(type: string): Plugin {
  const file = JSON.stringify(join(nodes, type, 'widget.vue'))
  return {
    name: 'widget-entry',
    resolveId: id => (id === ENTRY ? ENTRY : undefined),
    load: id => (id === ENTRY ? `export { default as ${componentOf(type)} } from ${file}` : undefined),
  }
}

/** ui-vistter-program → UiVistterProgram. */
function componentOf(type: string): string {
  return type.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}
