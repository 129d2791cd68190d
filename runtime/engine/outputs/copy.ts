import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Writable } from 'node:stream'
import { SLACK } from '../../contract/disk-order.ts'
import { VistterError } from '../../contract/errors.ts'
import { exitReason, spawnOwned } from '../../lib/child.ts'
import { children, type Wish, wish } from '../../lib/children.ts'
import { sleep } from '../../lib/clock.ts'
import { closeQuietly, openPipe } from '../ffmpeg/pipes.ts'
import { FfmpegReport } from '../ffmpeg/stderr.ts'
import type { FlvTag } from '../media/tag.ts'
import type { Connection } from './connection.ts'
import { type CopyCommand, PRESET_FD } from './copy-command.ts'
import { FLV_HEADER, flvBytes } from './flv.ts'
import { PLAYLIST, sweepPieces } from './hls.ts'
import { shortage, untilShort } from './room.ts'

/** How long FFmpeg gets to finish a file after its input has ended (ms). */
const FINISH = 900

/**
 * Passes an output's stream on through an FFmpeg that copies it. Throws OUTPUT_FILE when there can be no such file, STORAGE_LOW when
 * there should be none for want of room.
 */
export async function openCopy(output: string, command: CopyCommand): Promise<Connection> {
  if (command.file) {
    makeFolder(dirname(command.file))
    const short = await shortage(command.file, SLACK)
    if (short) throw short
  }
  if (command.file?.endsWith(PLAYLIST)) sweepPieces(command.file)
  return new Copy(output, command)
}

class Copy implements Connection {
  readonly stream: Writable
  readonly lost: Promise<VistterError>
  private readonly child: ChildProcess
  private readonly exited: Promise<unknown>
  private readonly report: FfmpegReport
  private writing = false
  private closing = false
  /** Who asked for the end. */
  private by: Wish | undefined
  private readonly ended = new AbortController()
  private readonly command: CopyCommand

  constructor(output: string, command: CopyCommand) {
    this.command = command
    this.report = new FfmpegReport(command.secrets)
    const life = children.next(output, 'copy')
    this.child = spawnCopy(command)
    life.started(this.child.pid)
    const ended = (happened: string) => life.ended(happened, { action: this.closing ? 'stop' : 'retry' }, this.by)
    this.child.once('exit', (code, signal) => ended(exitReason(code, signal)))
    this.child.once('error', error => this.child.pid === undefined && ended(`could not start: ${error.message}`))
    const { stdin, stdout, stderr } = this.child
    if (!stdin) throw new Error('FFmpeg was started without an input')
    this.stream = stdin
    stdin.on('error', () => {}) // the exit tells why
    this.report.listen(stderr)
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (command.delivered.test(text)) this.writing = true
    })
    // `close` comes after the last line of stderr; a child that could not be started has no exit, only an error.
    this.exited = Promise.race([once(this.child, 'close'), once(this.child, 'error')]).catch(() => {})
    const gone = this.exited.then(() => this.reason())
    void gone.then(() => this.ended.abort())
    this.lost = command.file ? Promise.race([gone, untilShort(command.file, this.ended.signal)]) : gone
    stdin.write(FLV_HEADER)
  }

  get delivering(): boolean {
    return this.writing
  }

  frame(tag: FlvTag): Buffer {
    return flvBytes(tag)
  }

  async close(): Promise<void> {
    this.closing = true
    this.by = wish()
    this.stream.end()
    const waited = new AbortController()
    await Promise.race([this.exited, sleep(FINISH, waited.signal)])
    waited.abort()
    this.child.kill('SIGKILL')
  }

  private reason(): VistterError {
    const said = this.report.text
    const last = this.report.lines.at(-1)?.trim() ?? 'no reason given'
    const { file, peer } = this.command
    if (file) return new VistterError('OUTPUT_FILE', `Recording to ${file} ended: ${last}`)
    if (/resolve|Name or service not known/i.test(said))
      return new VistterError('OUTPUT_UNKNOWN_HOST', `No server is known by the name ${peer}.`)
    if (this.writing) return new VistterError('OUTPUT_DROPPED', `${peer} ended the connection.`)
    if (/BADSECRET|reject|Input\/output error/i.test(said))
      return new VistterError('OUTPUT_REFUSED', `${peer} did not accept the stream, or does not answer (${last}).`)
    return new VistterError('OUTPUT_UNREACHABLE', `${peer} could not be reached (${last}).`)
  }
}

function spawnCopy({ args, preset }: CopyCommand): ChildProcess {
  if (!preset) return spawnOwned('ffmpeg', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const { read, write } = openPipe()
  try {
    writeSync(write, preset)
    const stdio = ['pipe', 'pipe', 'pipe'] as ('pipe' | number)[]
    stdio[PRESET_FD] = read
    return spawnOwned('ffmpeg', args, { stdio })
  } finally {
    closeQuietly(read, write)
  }
}

function makeFolder(folder: string): void {
  try {
    makeEach(folder)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new VistterError('OUTPUT_FILE', `The folder ${folder} cannot be made: ${why}`)
  }
}

/** Node's own recursive mkdir never returns below /proc, where a folder's parent exists and it still cannot be made. */
function makeEach(folder: string): void {
  if (existsSync(folder)) return
  makeEach(dirname(folder))
  mkdirSync(folder)
}
