import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import { scratch } from './run.ts'

/** The one account that the server knows; it checks every signature. */
export const ACCOUNT = { username: 'S3RVER', password: 'S3RVER' }
const BUCKET = 'shows'

/** An S3-compatible store on loopback with one bucket. */
export class S3Store {
  private readonly folder = scratch('s3')
  private readonly server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: this.folder.path,
    configureBuckets: [{ name: BUCKET }],
  })

  /** Answers the address of the bucket. */
  async start(): Promise<string> {
    const { port } = await this.server.run()
    return `http://127.0.0.1:${port}/${BUCKET}`
  }

  /** An object; undefined where there is none. */
  read(key: string): Buffer | undefined {
    const path = join(this.folder.path, BUCKET, `${key}._S3rver_object`)
    return existsSync(path) ? readFileSync(path) : undefined
  }

  async remove(): Promise<void> {
    this.server.httpServer?.closeAllConnections()
    await this.server.close()
    this.folder.remove()
  }
}
