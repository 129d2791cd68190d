import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import RED from 'node-red'
import { nodeRedSettings } from '../../settings.ts'
import type { FlowHello, FlowHostStatus } from '../contract/flow.ts'
import { within } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Paths } from '../lib/paths.ts'
import { projectRoot } from '../lib/project.ts'
import type { ApplianceClient } from './appliance-client.ts'
import type { CueTraces } from './cue-traces.ts'
import type { Rounds } from './rounds.ts'

/** A flow that waits for a missing node type never starts; the editor must be there all the same, to mend it. */
const FLOWS_TIMEOUT = 10_000

/** Node-RED inside this process: its editor, dashboard and flows, on a Unix socket that only control talks to. */
export class NodeRedHost {
  private readonly server: Server
  private readonly paths: Paths
  private readonly log: Log
  private readonly client: ApplianceClient
  private readonly rounds: Rounds
  private readonly traces: CueTraces
  private readonly statusChanged: (status: FlowHostStatus) => void
  private readonly app = express()

  constructor(options: {
    paths: Paths
    log: Log
    client: ApplianceClient
    rounds: Rounds
    traces: CueTraces
    statusChanged: (status: FlowHostStatus) => void
  }) {
    this.paths = options.paths
    this.log = options.log
    this.client = options.client
    this.rounds = options.rounds
    this.traces = options.traces
    this.statusChanged = options.statusChanged
    this.server = createServer(this.app)
  }

  async start({ credentialSecret, safeMode }: FlowHello): Promise<void> {
    const settings = nodeRedSettings({
      userDir: this.paths.flows,
      nodesDir: join(projectRoot(), 'dist', 'nodes'),
      credentialSecret,
      safeMode,
      vistter: this.client,
      log: line => this.logLine(line),
    })
    RED.init(this.server, settings)
    this.traces.watch(RED.hooks)
    this.app.use('/editor', RED.httpAdmin)
    this.app.use('/', RED.httpNode)
    const up = this.followFlows()
    await RED.start()
    await within(FLOWS_TIMEOUT, 'the flows did not start', up).catch(error => this.log.warn({ err: error }, 'no flows'))
    await this.listen()
  }

  /** Ends the flows in their own way. Open web sockets end with the process: waiting for browsers would hold up the stop. */
  async stop(): Promise<void> {
    this.rounds.hold()
    await RED.stop()
    this.server.close()
    this.server.closeAllConnections()
  }

  /** Deploys become rounds. Resolves when Node-RED has come as far as it will: flows run, or wait in safe mode. */
  private followFlows(): Promise<void> {
    let loadFailed = false
    return new Promise(resolve => {
      RED.events.on('runtime-event', (event: { id: string; payload?: { state?: string; error?: string } }) => {
        if (event.id !== 'runtime-state') return
        loadFailed = event.payload?.error === 'credentials_load_failed'
        if (event.payload?.state === 'safe') {
          this.statusChanged({ status: 'safe-mode' })
          resolve()
        }
      })
      RED.events.on('flows:stopping', () => this.rounds.hold())
      RED.events.on('flows:started', (event: { config?: { flows?: unknown } | null }) => {
        // Node-RED reports a start even when it could load nothing; that is no wish to cut every wire.
        if (event.config?.flows && !loadFailed) {
          this.client.beginRound()
          this.statusChanged({ status: 'running' })
        }
        resolve()
      })
    })
  }

  private async listen(): Promise<void> {
    rmSync(this.paths.flowHostSocket, { force: true })
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(this.paths.flowHostSocket, resolve)
    })
  }

  /** Node-RED's levels: 10 fatal, 20 error, 30 warn, 40 info, 50 debug, 60 trace. */
  private logLine({ level, type, msg }: { level: number; type?: string; msg: unknown }): void {
    const text = msg instanceof Error ? msg.message : typeof msg === 'string' ? msg : JSON.stringify(msg)
    if (level <= 20) this.log.error({ type }, text)
    else if (level <= 30) this.log.warn({ type }, text)
    else this.log.info({ type }, text)
  }
}
