import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnOwned } from '../../runtime/lib/child.ts'
import { freePort, scratch, until } from './run.ts'

export const LOGIN = { username: 'harbour', password: 'sent only here' }

/** A request as the server saw it, once it was over. */
interface Asked {
  method: string
  path: string
  status: number
  bytes: number
  /** UTC ms. */
  began: number
  ended: number
}

/** A place for files: nginx with WebDAV, for one login. It makes no folder by itself. */
export class WebDav {
  private readonly folder = scratch('webdav')
  private port = 0
  private nginx: ChildProcess | undefined

  /** The folder that an upload is given as its address. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/files`
  }

  async start(): Promise<this> {
    this.port = await freePort()
    for (const name of ['www/files', 'temp']) mkdirSync(join(this.folder.path, name), { recursive: true })
    writeFileSync(join(this.folder.path, 'users'), `${LOGIN.username}:{PLAIN}${LOGIN.password}\n`)
    writeFileSync(join(this.folder.path, 'nginx.conf'), this.config())
    const args = ['-p', this.folder.path, '-c', join(this.folder.path, 'nginx.conf'), '-e', 'error.log']
    const child = spawnOwned('nginx', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    this.nginx = child
    await until('nginx answers', async () => {
      if (child.exitCode !== null) throw new Error(`nginx left with ${child.exitCode}`)
      return (await fetch(this.url)).status === 401
    })
    return this
  }

  async remove(): Promise<void> {
    const child = this.nginx
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
    this.folder.remove()
  }

  /** What stands there under a name below the folder; undefined where nothing does. */
  read(name: string): Buffer | undefined {
    const path = join(this.folder.path, 'www', 'files', name)
    return existsSync(path) ? readFileSync(path) : undefined
  }

  /** Every request so far, in the order of their ends. */
  asked(): Asked[] {
    const lines = readFileSync(join(this.folder.path, 'access.log'), 'utf8').split('\n').filter(Boolean)
    return lines.map(line => {
      const [method = '', path = '', ...numbers] = line.split(' ')
      const [status = 0, bytes = 0, end = 0, took = 0] = numbers.map(Number)
      const times = { began: (end - took) * 1_000, ended: end * 1_000 }
      return { method, path: path.replace(/^\/files\//, ''), status, bytes, ...times }
    })
  }

  /** The files that it has acknowledged, in order; one that was sent twice is there twice. */
  acknowledged(): string[] {
    return this.asked().flatMap(({ method, path, status }) => (method === 'PUT' && status < 300 ? [path] : []))
  }

  private config(): string {
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path temp;`).join(' ')
    return `daemon off; master_process off; pid nginx.pid; error_log error.log notice;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 64; }
http {
  log_format asked '$request_method $uri $status $request_length $msec $request_time';
  access_log access.log asked; client_max_body_size 4m; ${temp}
  server { listen 127.0.0.1:${this.port}; root ${join(this.folder.path, 'www')};
    location / { dav_methods PUT MKCOL; auth_basic files; auth_basic_user_file users; }
  }
}
`
  }
}
