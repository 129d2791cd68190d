/**
 * The dependency rule: lib <- contract <- each part <- engine.ts | appliance.ts <- main.ts.
 * docs/maintainer/README.md says it in words; `npm run check` enforces it.
 */
const PARTS_OF_ENGINE = 'ingest|mixer|graphics|audio|encode|outputs'
const PARTS_OF_CONTROL =
  'access|assets|cameras|destinations|flow|health|proof|recordings|segments|settings|show|store|studio|web'

/** A third-party name has one home. */
const home = (name, packages, folders) => ({
  name: `home-of-${name}`,
  severity: 'error',
  from: { path: '^(runtime|nodes)/', pathNot: folders },
  to: { path: `^node_modules/(${packages})/` },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unknown-module', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'lib-is-the-ground',
      severity: 'error',
      from: { path: '^runtime/lib/' },
      to: { path: '^(runtime/(?!lib/)|nodes|packaging|test)/?' },
    },
    {
      name: 'contract-on-lib-only',
      severity: 'error',
      from: { path: '^runtime/contract/' },
      to: { path: '^(runtime/(?!lib/|contract/)|nodes|packaging|test)/?' },
    },
    {
      name: 'ocl-is-pure',
      severity: 'error',
      from: { path: '^runtime/ocl/' },
      to: { path: '^(runtime/(?!ocl/|contract/)|nodes|packaging|test)/?' },
    },
    {
      name: 'engine-stands-alone',
      severity: 'error',
      from: { path: '^runtime/engine/' },
      to: { path: '^(runtime/(control|flow-host)|nodes|packaging|test)/' },
    },
    {
      name: 'control-stands-alone',
      severity: 'error',
      from: { path: '^runtime/control/' },
      to: { path: '^(runtime/(engine|flow-host)|nodes|packaging|test)/' },
    },
    {
      name: 'flow-host-stands-alone',
      severity: 'error',
      from: { path: '^runtime/flow-host/' },
      to: { path: '^(runtime/(engine|control|ocl)|nodes|packaging|test)/' },
    },
    {
      name: 'parts-of-engine-are-strangers',
      comment:
        'What two parts share lies lower: engine/memory, engine/kernel, engine/ffmpeg. The mixer mixes sound with audio/.',
      severity: 'error',
      from: { path: `^runtime/engine/(${PARTS_OF_ENGINE})/` },
      to: { path: `^runtime/engine/(${PARTS_OF_ENGINE})/`, pathNot: '^runtime/engine/($1|audio)/' },
    },
    {
      name: 'parts-of-control-are-strangers',
      severity: 'error',
      from: { path: `^runtime/control/(${PARTS_OF_CONTROL})/` },
      to: {
        path: `^runtime/control/(${PARTS_OF_CONTROL})/`,
        pathNot: '^runtime/control/$1/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'parts-know-no-whole',
      severity: 'error',
      from: { path: '^runtime/(engine|control)/[^/]+/' },
      to: { path: '^runtime/(engine/(engine|main)|control/(appliance|main))\\.ts$' },
    },
    {
      name: 'nodes-know-types-only',
      severity: 'error',
      from: { path: '^nodes/' },
      to: { path: '^runtime/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-knows-no-test',
      severity: 'error',
      from: { path: '^(runtime|nodes)/' },
      to: { path: '^(test|packaging)/' },
    },
    home('sqlite3', 'sqlite3', '^runtime/control/store/'),
    home('ajv', 'ajv|ajv-formats', '^runtime/contract/'),
    home('fluent-ffmpeg', 'fluent-ffmpeg', '^runtime/engine/ffmpeg/'),
    home('node-red', 'node-red|@node-red', '^runtime/flow-host/'),
    home('onvif', 'onvif', '^runtime/control/cameras/onvif/'),
    home('zip', 'yauzl', '^runtime/control/segments/'),
    home('mqtt', 'mqtt|mqtt-packet|@peculiar', '^runtime/control/studio/'),
    home('canvas', '@napi-rs', '^runtime/engine/graphics/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.as\\.ts$|^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json', '.vue'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['main'],
    },
  },
}
