import { WebSocket } from 'ws'
import type { FlowUser } from '../../runtime/control/flow/proxy.ts'
import type { FlowHostRig, FlowNode } from './flow-host.ts'

/** A dashboard with one button, whose message goes to the node `to`. */
export const dashboardButton = (to: string): FlowNode[] => [
  { id: 'base', type: 'ui-base', name: 'Test', path: '/dashboard' },
  { id: 'theme', type: 'ui-theme', name: 'Test', colors: {}, sizes: {} },
  { id: 'page', type: 'ui-page', name: 'Test', ui: 'base', path: '/test', layout: 'grid', theme: 'theme', order: 1 },
  { id: 'group', type: 'ui-group', name: 'Test', page: 'page', width: '6', height: '1', order: 1 },
  {
    id: 'button',
    type: 'ui-button',
    ...{ z: 'tab', x: 100, y: 100 },
    group: 'group',
    label: 'Hold',
    payload: 'set',
    payloadType: 'str',
    order: 1,
    wires: [[to]],
  },
]

/** What a button of the dashboard sends, over the socket that a browser opens: it asks by HTTP and goes on as a web socket. */
export async function press(
  rig: FlowHostRig,
  role: FlowUser['role'],
  event: string,
  ...values: unknown[]
): Promise<void> {
  rig.user = { username: role, role, session: role }
  const path = '/dashboard/socket.io/?EIO=4&transport='
  const { sid } = JSON.parse((await rig.get(`${path}polling`)).body.slice(1)) as { sid: string }
  const socket = new WebSocket(`${rig.url.replace('http', 'ws')}${path}websocket&sid=${sid}`, { origin: rig.url })
  const said: string[] = []
  socket.on('message', data => said.push(String(data)))
  const hears = (what: string) => rig.until(what, () => said.some(text => text.startsWith(what)), 5_000)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.send('2probe')
  await hears('3probe')
  socket.send('5')
  socket.send('40')
  await hears('42["ui-config"')
  socket.send(`42${JSON.stringify([event, ...values])}`)
  // The page is there all the same: it is told what the widget shows.
  socket.send('42["widget-load","button"]')
  await hears('42["widget-load:button"')
  socket.close()
  rig.user = { username: 'ada', role: 'admin', session: 's1' }
}
