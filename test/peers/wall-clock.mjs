import { readFileSync } from 'node:fs'

/**
 * Loaded before the product (NODE_OPTIONS), which knows nothing of it: its wall clock is so many ms ahead as the file says. The
 * monotonic clock stays as it is, as on a machine whose clock is set.
 */
const LOOK_EVERY = 20
const file = process.env.TEST_WALL_CLOCK
const Real = Date
let [ahead, lookedAt] = [0, Number.NEGATIVE_INFINITY]

function now() {
  const mono = performance.now()
  if (mono - lookedAt > LOOK_EVERY) {
    lookedAt = mono
    ahead = Number(readFileSync(file, 'utf8'))
  }
  return Real.now() + ahead
}

if (file)
  globalThis.Date = new Proxy(Real, {
    construct: (date, given, made) => Reflect.construct(date, given.length > 0 ? given : [now()], made),
    apply: date => new date(now()).toString(),
    get: (date, key) => (key === 'now' ? now : Reflect.get(date, key)),
  })
