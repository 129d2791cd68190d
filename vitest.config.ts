import { defineConfig } from 'vitest/config'

/** Fast pure tests run side by side; what starts processes runs one file at a time (two cores, real clocks), or several that mostly wait. */
const alone = { pool: 'forks' as const, fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }
const waiting = { ...alone, fileParallelism: true, maxWorkers: 4, sequence: { groupOrder: 1 } }

/**
 * Of test/integration, those that mostly wait: measured, each needs less than a fifth of a core. They run four at a time.
 * Whatever counts frames of a whole show runs alone.
 */
const CALM = [
  ...['clips', 'flow-host-editor', 'graphics', 'ingest', 'output-copy', 'preflight', 'preview', 'recording'],
  ...['rtmp', 'rtmp-refusals', 'setup', 'store', 'upload'],
].map(name => `test/integration/${name}.test.ts`)

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'forks', testTimeout: 20_000 } },
      { test: { name: 'nodes', include: ['test/nodes/**/*.test.ts'], ...waiting } },
      { test: { name: 'calm', include: CALM, ...waiting } },
      {
        test: {
          ...alone,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: CALM,
          sequence: { groupOrder: 2 },
        },
      },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...alone, sequence: { groupOrder: 2 } } },
      { test: { name: 'long', include: ['test/long/**/*.test.ts'], ...alone, testTimeout: 3_600_000 } },
    ],
  },
})
