import { asVistterError, VistterError } from '../../contract/errors.ts'
import type { JobKind, Jobs, Reply, Request } from './jobs.ts'
import { work } from './work.ts'

/**
 * The renderer: a process of its own, because it decodes files from outside in native code. A crash or an endless job
 * costs one job here, and never a frame. It ends with its parent's channel; signals to the group are the parent's affair.
 */
async function run<K extends JobKind>(id: number, kind: K, ask: Jobs[K]['ask']): Promise<Reply> {
  try {
    return { id, answer: await work[kind](ask) }
  } catch (error) {
    if (!(error instanceof VistterError)) console.error(error)
    return { id, fault: asVistterError(error).fault }
  }
}

const send = (reply: Reply): void => {
  process.send?.(reply)
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('disconnect', () => process.exit(0))
process.on('message', (request: Request) => {
  void run(request.id, request.kind, request.ask).then(send)
})
send({ ready: true })
