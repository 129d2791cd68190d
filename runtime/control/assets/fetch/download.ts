import { open, rm, stat, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { VistterError } from '../../../contract/errors.ts'
import { mostBytes } from '../media-type.ts'
import { request } from './request.ts'
import { brokenOff } from './trouble.ts'
import { type Rules, shownUrl } from './way.ts'

const WRONG = new Set(['ASSET_CHECKSUM', 'ASSET_TYPE'])

interface Attempt {
  url: string
  mediaType: string
  rules: Rules
  signal: AbortSignal
  /** Makes sure that a file of so many bytes has room. Throws ASSET_CACHE_FULL. */
  reserve(bytes: number): Promise<void>
  progress(bytes: number, of: number | undefined): void
}

/** What a server sends of a file, kept in a part of it on the disk: what has come is not asked for again. */
export class Download {
  /** What the server at an address called the version that the part is of (RFC 9110, 13.1.5). */
  private version: { url: string; tag: string } | undefined
  /** What came whole from there and was wrong: as long as it stays the same, it is not fetched again. */
  private refused: { url: string; tag: string; why: VistterError } | undefined
  private readonly part: string

  constructor(part: string) {
    this.part = part
  }

  /** One attempt. Resolves when the part is all that the server has; its content is not looked at. Throws VistterError. */
  async run(attempt: Attempt): Promise<void> {
    const { url } = attempt
    if (url.startsWith('data:')) return this.takeData(attempt)
    const host = URL.canParse(url) ? new URL(url).host : 'The address'
    try {
      await this.take(attempt)
    } catch (error) {
      throw brokenOff(error, host)
    }
  }

  /** The part is not wanted, or is not what it should be: begins anew. */
  async discard(why?: VistterError): Promise<void> {
    if (this.version?.tag.startsWith('"') && why && WRONG.has(why.code)) this.refused = { ...this.version, why }
    this.version = undefined
    await rm(this.part, { force: true })
  }

  private async take(attempt: Attempt): Promise<void> {
    const { url, mediaType, rules, signal, reserve } = attempt
    const had = await stat(this.part).then(
      ({ size }) => size,
      () => 0,
    )
    const tag = this.version?.url === url ? this.version.tag : undefined
    const range = had > 0 && { range: `bytes=${had}-`, ...(tag !== undefined && { 'if-range': tag }) }
    const known = this.refused?.url === url ? this.refused : undefined
    const changed = known && had === 0 && { 'if-none-match': known.tag }
    const response = await request({ url, headers: { ...range, ...changed }, rules, signal })
    try {
      if (known && response.statusCode === 304) throw known.why
      const { start, total } = await this.accept(response, had, url)
      if (total !== undefined) refuseTooLarge(total, mediaType)
      await reserve(total ?? start)
      await this.write(counted(response, start, total, attempt), start > 0 ? 'a' : 'w')
      const { size } = await stat(this.part)
      if (total !== undefined && size < total)
        throw new VistterError('ASSET_UNREACHABLE', `The connection ended after ${size} of ${total} bytes.`)
    } finally {
      response.destroy()
    }
  }

  /** What has come is on the disk, however it ends. */
  private async write(chunks: AsyncIterable<Buffer>, flags: 'a' | 'w'): Promise<void> {
    const file = await open(this.part, flags, 0o640)
    try {
      for await (const chunk of chunks) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  /** Where in the file the answer begins, and how long the file is where the server says so. */
  private async accept(
    response: IncomingMessage,
    had: number,
    url: string,
  ): Promise<{ start: number; total: number | undefined }> {
    const { statusCode = 0, headers } = response
    const encoding = headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') throw odd(url, `encodes it (${encoding}), which was not asked for`)
    const { etag, 'last-modified': modified, 'content-range': range = '', 'content-length': length } = headers
    if (statusCode === 200) {
      const tag = etag === undefined || etag.startsWith('W/') ? modified : etag
      this.version = tag === undefined ? undefined : { url, tag }
      return { start: 0, total: length === undefined ? undefined : Number(length) }
    }
    const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? []
    if (statusCode === 206 && had > 0 && Number(from) === had)
      return { start: had, total: total === undefined || total === '*' ? undefined : Number(total) }
    if (statusCode === 416 || statusCode === 206) await this.discard()
    throw odd(url, `answered with status ${statusCode}`)
  }

  /** Nothing is asked of anyone. */
  private async takeData({ url, mediaType, signal, reserve }: Attempt): Promise<void> {
    const content = await fetch(url, { signal }).then(
      async answer => Buffer.from(await answer.arrayBuffer()),
      () => Promise.reject(new VistterError('ASSET_ADDRESS', 'Its data: address cannot be read.')),
    )
    refuseTooLarge(content.length, mediaType)
    await reserve(content.length)
    await writeFile(this.part, content, { mode: 0o640 }).catch(error => Promise.reject(brokenOff(error, 'The disk')))
  }
}

async function* counted(
  response: AsyncIterable<Buffer>,
  start: number,
  total: number | undefined,
  { url, mediaType, reserve, progress }: Attempt,
): AsyncGenerator<Buffer> {
  let size = start
  for await (const chunk of response) {
    size += chunk.length
    refuseTooLarge(size, mediaType)
    if (total === undefined) await reserve(size)
    else if (size > total) throw odd(url, 'sent more than it said')
    yield chunk
    progress(size, total)
  }
}

function refuseTooLarge(bytes: number, mediaType: string): void {
  const most = mostBytes(mediaType)
  if (bytes > most) throw new VistterError('ASSET_TOO_LARGE', `It is larger than ${most / 1_024 / 1_024} MiB.`)
}

const odd = (url: string, what: string) => new VistterError('ASSET_ANSWER', `${shownUrl(url)} ${what}.`)
