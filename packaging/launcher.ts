import { setPriority } from 'node:os'
import { join } from 'node:path'
import type { BackoffOptions } from '../runtime/lib/backoff.ts'
import { spawnOwned } from '../runtime/lib/child.ts'
import { createLog } from '../runtime/lib/log.ts'
import { Supervised } from '../runtime/lib/supervise.ts'

/**
 * `npm start`: keeps the engine and control alive as two systemd units would, side by side and strangers to each other.
 * They get this process's environment and its standard output. The first signal stops both; the others are heard and ignored.
 */
const log = createLog('launcher', process.env.VISTTER_LOG_LEVEL)

/** A first restart at once: viewers wait for the engine, operators for control. */
const restarts: BackoffOptions = { quick: 0, first: 500, max: 5_000, jitter: 0.2, healthyAfter: 60_000 }
/** Both end themselves within 8 s; together with this they are gone within 10 s of the first signal. */
const GRACE_MS = 8_500

/** A part leaves with this (sysexits.h) when starting it again would not help: a database of a newer release, a lost key. */
const EX_CONFIG = 78

/** What else runs on the machine comes after a show (nice(1)). Only root, or who has CAP_SYS_NICE, may ask for it. */
const AHEAD_OF_OTHERS = -10
try {
  setPriority(AHEAD_OF_OTHERS)
} catch {
  log.info('shares the processors evenly with other programs: only root may put a show ahead of them')
}

/**
 * Added to this process's own. Where the cores do not suffice, pages may wait and pictures may not. The flow host is
 * nicer still (control's child).
 */
const NICENESS = { engine: 0, control: 5 }

/** A disk that hangs keeps some of a process's threads; host names are looked up in the same pool (libuv has four by itself). */
const THREADS = '16'

const parts = Object.entries(NICENESS).map(([name, nice]) => {
  const script = join(import.meta.dirname, '..', 'runtime', name, 'main.js')
  return new Supervised({
    child: { id: name, kind: name },
    spawn: word =>
      spawnOwned(process.execPath, ['--enable-source-maps', script], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { UV_THREADPOOL_SIZE: THREADS, ...process.env, ...word() },
        nice,
      }),
    graceMs: GRACE_MS,
    backoff: restarts,
    events: {
      started: child => {
        log.info({ part: name, pid: child.pid }, 'started')
        child.once('exit', code => {
          if (code === EX_CONFIG) stop(EX_CONFIG, `${name} says that somebody has to look`)
        })
      },
      ended: why => log[why.intended ? 'info' : 'error']({ part: name, ...why }, 'ended'),
    },
  })
})

let stopping = false
function stop(code: number, reason: string): void {
  if (stopping) return
  stopping = true
  log.info({ reason }, 'stopping')
  void Promise.all(parts.map(part => part.stop())).then(() => process.exit(code))
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(0, signal))

for (const part of parts) part.start()
