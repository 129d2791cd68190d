import { defineConfig } from 'vitest/config'

/** Fast pure tests run side by side; everything that starts processes runs one file at a time (two cores, real clocks). */
const alone = { pool: 'forks' as const, fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'forks' } },
      { test: { name: 'nodes', include: ['test/nodes/**/*.test.ts'], ...alone } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...alone } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...alone } },
      { test: { name: 'long', include: ['test/long/**/*.test.ts'], ...alone, testTimeout: 3_600_000 } },
    ],
  },
})
