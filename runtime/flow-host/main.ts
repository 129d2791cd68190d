import { join } from 'node:path'
import type { CueOffer } from '../contract/cue-offer.ts'
import type { DriverAnswer, DriverAsk, FlowHello, FlowHostStatus, FlowState, StudioCommand } from '../contract/flow.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { pathsFor } from '../lib/paths.ts'
import { onSignals } from '../lib/process.ts'
import { projectRoot } from '../lib/project.ts'
import { type Rpc, RpcClient } from '../lib/rpc.ts'
import { ApplianceClient } from './appliance-client.ts'
import { CueTraces } from './cue-traces.ts'
import { prepareFlowFile } from './flow-file.ts'
import { NodeRedHost } from './node-red-host.ts'
import { Rounds } from './rounds.ts'

/**
 * The flow host: everything that integrators write or install runs here and only here. Control starts it, asks it now and
 * then whether it is still there, and ends it; what it has to say goes through one socket.
 */
const paths = pathsFor(process.env.VISTTER_DATA ?? 'data')
const log = createLog('flow-host', process.env.VISTTER_LOG_LEVEL)

// A node's timer that throws must not leave a half-dead Node-RED behind: control starts a fresh one within seconds.
process.on('uncaughtException', error => {
  log.fatal({ err: error }, 'a node threw outside its handlers')
  process.exit(1)
})

/** Longer than any cue is on its way to its program (ms). */
const CUE_TRACED = 30_000

const rounds = new Rounds(wiring => control.notify('wiring', wiring))
const control = new RpcClient(paths.controlSocket, { opened, closed: () => client.stateChanged(undefined) })
const client = new ApplianceClient(rounds, control)
const traces = new CueTraces(offer => control.notify('passed', offer))
const host = new NodeRedHost({ paths, log, client, rounds, traces, statusChanged })
let status: FlowHostStatus | undefined
let began = false

onSignals(log, async () => {
  control.stop()
  if (began) await host.stop()
})
control.start()

/** On every connection: control learns the present state in full; on the first one it also says how to start. */
async function opened(rpc: Rpc): Promise<void> {
  rpc.onRequest('ping', () => true)
  rpc.onRequest<DriverAnswer, never>('drive', (ask: DriverAsk) => client.driven(ask))
  rpc.onRequest<boolean, never>('command', (command: StudioCommand) => client.commanded(command))
  rpc.onNotification('offer', carry)
  rpc.onNotification('state', (state: FlowState) => client.stateChanged(state))
  const hello = await rpc.sendRequest<FlowHello>('hello')
  if (!began) void start(hello)
  if (status) control.notify('status', status)
  if (rounds.wiring) control.notify('wiring', rounds.wiring)
}

/** A cue goes on its way; one that no node sends is never told as let go. */
function carry(offer: CueOffer): void {
  traces.begin(offer.id, CUE_TRACED)
  if (client.offered(offer)) traces.sent(offer.id)
}

async function start(hello: FlowHello): Promise<void> {
  began = true
  const file = prepareFlowFile(paths.flows, join(projectRoot(), 'flows'), systemClock)
  if (file.damaged) {
    log.error(file, 'the flow file could not be read')
    control.notify('damaged', file)
  }
  await host.start(hello)
  log.info({ safeMode: hello.safeMode }, 'Node-RED is ready')
  control.notify('ready')
}

function statusChanged(next: FlowHostStatus): void {
  status = next
  control.notify('status', next)
}
