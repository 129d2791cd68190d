import { createServer, type Server } from 'node:net'
import { setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { needOf, SEATS_BESIDE } from './lanes.ts'

/**
 * Set-up of each file that starts processes: waits here, where no time-out runs, until there is room for it. A seat is an
 * abstract socket of this run of vitest: the kernel gives it free when this process ends, however it ends.
 */
const EVERY_MS = 50

function free(seat: string): Promise<Server | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(`\0vistter-tests-${process.ppid}-${seat}`, () => resolve(server.unref()))
  })
}

/** All or none: two files that each hold a part of what the other needs would wait for ever. */
async function taken(seats: readonly string[], count: number): Promise<boolean> {
  const got: Server[] = []
  for (const seat of seats) {
    if (got.length === count) break
    const server = await free(seat)
    if (server) got.push(server)
  }
  if (got.length === count) return true
  for (const server of got) server.close()
  return false
}

async function sit(seats: readonly string[], count: number): Promise<void> {
  while (!(await taken(seats, count))) await pause(EVERY_MS + Math.random() * EVERY_MS)
}

/** Cameras, platforms and viewers are elsewhere in life: here they must not come after a product that puts itself first (packaging/launcher.ts). */
const AS_THE_PRODUCT = -10
try {
  setPriority(AS_THE_PRODUCT)
} catch {
  // Then the product cannot either.
}

const { show, beside } = needOf(expect.getState().testPath ?? '')
if (show) await sit(['show'], 1)
if (beside > 0) {
  const seats = Array.from({ length: SEATS_BESIDE }, (_, n) => `beside-${n}`)
  await sit(seats, beside)
}
