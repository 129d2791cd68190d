import { defineConfig } from 'vitest/config'
import { WORKERS } from './test/machine/lanes.ts'
import { LaneOrder } from './test/machine/order.ts'

/** Files that start processes wait for their part of the machine before they begin (test/machine). */
const processes = {
  ...{ pool: 'forks' as const, setupFiles: ['test/machine/seats.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
  ...{ maxWorkers: WORKERS, sequence: { groupOrder: 1 } },
}

export default defineConfig({
  test: {
    sequence: { sequencer: LaneOrder },
    projects: [
      // vitest itself would leave one core idle: of two, half.
      {
        test: {
          ...{ name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'forks', maxWorkers: '100%' },
          testTimeout: 20_000,
        },
      },
      { test: { name: 'nodes', include: ['test/nodes/**/*.test.ts'], ...processes } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...processes } },
      { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...processes } },
      {
        test: {
          ...{ name: 'long', include: ['test/long/**/*.test.ts'], pool: 'forks', fileParallelism: false },
          ...{ testTimeout: 3_600_000, hookTimeout: 120_000 },
        },
      },
    ],
  },
})
