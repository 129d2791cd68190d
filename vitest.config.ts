import { defineConfig } from 'vitest/config'

/**
 * Fast pure tests run side by side; what starts processes runs one file at a time (two cores, real clocks), but for two
 * kinds. They are told apart by what each file was measured to need of a core, on average.
 */
const alone = { pool: 'forks' as const, fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }
const together = (workers: number, groupOrder: number) => {
  return { ...alone, fileParallelism: true, maxWorkers: workers, sequence: { groupOrder } }
}
const named = (...names: string[]) => names.map(name => `test/integration/${name}.test.ts`)

/** Less than a quarter: four at a time. */
const CALM = named(
  ...['clips', 'flow-host-editor', 'graphics', 'ingest', 'output-copy', 'preflight', 'preview', 'recording'],
  ...['rtmp', 'rtmp-refusals', 'setup', 'store', 'stream-cameras', 'upload'],
)

/** Three quarters at the most, and no frame of a whole show is counted against a limit: two at a time. */
const PAIRED = named(
  ...[
    'access',
    'api',
    'bitrate',
    'brokers',
    'buses',
    'cameras',
    'destination-live',
    'disk-full',
    'encode',
    'flow-host',
  ],
  ...['flows', 'isolation', 'launcher', 'picture-trouble', 'program-sound', 'proof-of-play', 'readiness', 'recorder'],
  ...['segments', 'source-kinds', 'studio'],
)

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'forks', testTimeout: 20_000 } },
      { test: { name: 'nodes', include: ['test/nodes/**/*.test.ts'], ...together(4, 1) } },
      { test: { name: 'calm', include: CALM, ...together(4, 1) } },
      { test: { name: 'paired', include: PAIRED, ...together(2, 2) } },
      {
        test: {
          ...alone,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: [...CALM, ...PAIRED],
          sequence: { groupOrder: 3 },
        },
      },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...alone, sequence: { groupOrder: 3 } } },
      { test: { name: 'long', include: ['test/long/**/*.test.ts'], ...alone, testTimeout: 3_600_000 } },
    ],
  },
})
