import pino, { type Logger } from 'pino'

export type Log = Logger

/** Keys whose values never reach a log line, wherever they stand in the logged object (two levels deep). */
const SECRET_KEYS = ['password', 'streamKey', 'passphrase', 'token', 'secret', 'authorization', 'cookie', 'privateKey']

/** Structured logs (one JSON object a line) on standard output, with credentials redacted by key and by URL. */
export function createLog(process: string, level = 'info'): Log {
  return pino({
    level,
    base: { process },
    redact: { paths: SECRET_KEYS.flatMap(key => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    hooks: {
      logMethod(args, method) {
        method.apply(
          this,
          args.map(arg => (typeof arg === 'string' ? maskUrls(arg) : arg)) as Parameters<typeof method>,
        )
      },
    },
    serializers: { err: error => maskError(pino.stdSerializers.err(error)) },
  })
}

/** Takes the user information out of every URL in a text: FFmpeg prints the whole URL of a camera when it fails. */
export function maskUrls(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, '$1***@')
}

function maskError<T extends { message?: string; stack?: string }>(error: T): T {
  if (error.message) error.message = maskUrls(error.message)
  if (error.stack) error.stack = maskUrls(error.stack)
  return error
}
