import { type FlowNode, smallShow } from '../peers/flow-host.ts'

const at = { z: 'tab', x: 100, y: 100 }

const DOORS = ['taker', 'player', 'starter', 'recorder', 'unwired', 'breaker', 'day', 'any']

/** Each node of ours between an `http in` and an `http response`; what it refuses comes back through a catch node. */
export const messagesFlow: FlowNode[] = [
  ...smallShow({ enc: { wires: [['dest', 'recorder']] } }),
  { id: 'taker', type: 'vistter-program', ...at, program: 'main', wires: [['back']] },
  { id: 'player', type: 'vistter-ocl-overlay', ...at, overlay: '*', wires: [['back']] },
  { id: 'starter', type: 'vistter-destination', ...at, destination: '*', wires: [['back']] },
  { id: 'recorder', type: 'vistter-recorder', ...at, title: 'The evening', wires: [['back']] },
  { id: 'breaker', type: 'vistter-override', ...at, program: 'main', kind: 'hold', minutes: '5', wires: [['back']] },
  { id: 'unwired', type: 'vistter-recorder', ...at, wires: [['back']] },
  { id: 'day', type: 'vistter-timeline', ...at, timeline: 'Day', wires: [['prog', 'back'], ['cues']] },
  { id: 'any', type: 'vistter-timeline', ...at, timeline: '*', wires: [['back'], []] },
  {
    ...{ id: 'cues', type: 'function', ...at, wires: [[]] },
    func: "const { topic, timeline, payload } = msg; flow.set('cues', [...(flow.get('cues') || []), { topic, timeline, cue: payload.cue }])",
  },
  { id: 'in-cues', type: 'http in', ...at, url: '/cues', method: 'get', wires: [['all-cues']] },
  {
    id: 'all-cues',
    type: 'function',
    ...at,
    func: "msg.payload = flow.get('cues') || []; return msg",
    wires: [['back']],
  },
  ...DOORS.map(id => ({
    id: `in-${id}`,
    type: 'http in',
    ...at,
    url: `/${id}`,
    method: 'post',
    wires: [[`to-${id}`]],
  })),
  // The body is the message: {payload, overlay, …}.
  ...DOORS.map(id => ({
    id: `to-${id}`,
    type: 'function',
    ...at,
    func: 'return Object.assign(msg, { payload: undefined }, msg.req.body)',
    outputs: 1,
    wires: [[id]],
  })),
  { id: 'caught', type: 'catch', ...at, scope: null, wires: [['refused']] },
  {
    id: 'refused',
    type: 'function',
    ...at,
    func: 'if (!msg.res) return; msg.statusCode = 422; msg.payload = { refused: { code: msg.error.code, cause: msg.error.cause } }; return msg',
    outputs: 1,
    wires: [['back']],
  },
  {
    id: 'back',
    type: 'function',
    ...at,
    func: 'return msg.res ? msg : undefined',
    outputs: 1,
    wires: [['response']],
  },
  { id: 'response', type: 'http response', ...at, wires: [] },
  { id: 'one', type: 'vistter-camera', ...at, camera: 'cam-1', wires: [[]] },
  { id: 'archive', type: 'vistter-destination', ...at, destination: 'Archive', wires: [] },
  { id: 'bad', type: 'vistter-encoder', ...at, profile: 'own', width: '12', wires: [[]] },
  { id: 'odd', type: 'vistter-program', ...at, program: 'odd', width: '641', wires: [[]] },
  { id: 'lost', type: 'vistter-camera', ...at, camera: '*', wires: [['lost-dest']] },
  { id: 'lost-dest', type: 'vistter-destination', ...at, destination: '*', wires: [] },
]
