import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config'
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config'

/**
 * The dependency rule, from .dependency-cruiser.cjs. A rule that looked at nothing would hold always: so it is an error
 * when a folder that has rules yields no module, or its TypeScript was not understood.
 */
const FOLDERS = ['runtime', 'nodes', 'packaging']

const config = await extractConfig('./.dependency-cruiser.cjs')
const { output } = await cruise(
  FOLDERS,
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  { bustTheCache: true, ...config.options?.enhancedResolveOptions },
  { tsConfig: extractTypeScriptConfig('tsconfig.json') },
)
if (typeof output === 'string') throw new Error('expected a result, not a report')
const problems = [...broken(output), ...unseen(output)]
for (const problem of problems) console.error(problem)
console.log(`dependency rule: ${output.summary.totalCruised} modules, ${problems.length} problems`)
process.exit(problems.length > 0 ? 1 : 0)

function broken({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
}

function unseen({ modules }: ICruiseResult): string[] {
  return FOLDERS.flatMap(folder => {
    const own = modules.filter(module => module.source.startsWith(`${folder}/`) && module.source.endsWith('.ts'))
    if (own.length === 0) return [`no TypeScript module was looked at in ${folder}/`]
    return own.some(module => module.dependencies.length > 0) ? [] : [`no import was understood in ${folder}/`]
  })
}
