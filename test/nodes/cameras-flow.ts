import { type FlowNode, smallShow } from '../peers/flow-host.ts'

const at = { z: 'tab', x: 100, y: 100 }
const DOORS = ['any', 'pier', 'goto', 'altar']

/** Camera nodes between an `http in` and what a message of theirs leads to; what they tell by themselves is kept for `/told`. */
export const camerasFlow: FlowNode[] = [
  ...smallShow(),
  { id: 'any', type: 'vistter-camera', ...at, camera: '*', wires: [['program', 'back'], ['keep-any']] },
  { id: 'pier', type: 'vistter-camera', ...at, camera: 'Pier', wires: [['back'], ['keep-pier']] },
  { id: 'program', type: 'vistter-program', ...at, program: 'main', wires: [[]] },
  { id: 'goto', type: 'vistter-ptz-preset', ...at, wires: [['arrived'], ['failed']] },
  {
    ...{ id: 'altar', type: 'vistter-ptz-preset', ...at, camera: 'Pier', preset: 'Altar' },
    ...{ swing: 'cutaway', cutaway: 'Bar', wires: [['arrived'], ['failed']] },
  },
  { id: 'nobody', type: 'vistter-ptz-preset', ...at, swing: 'cutaway', cutaway: '*', wires: [[], []] },
  ...['arrived', 'failed'].map(way => ({
    ...{ id: way, type: 'function', ...at, wires: [['back']] },
    func: `msg.payload = { way: '${way}', arrival: msg.arrival, payload: msg.payload }; return msg`,
  })),
  { id: 'misled', type: 'vistter-slate', ...at, wires: [['pier-2']] },
  { id: 'pier-2', type: 'vistter-camera', ...at, camera: 'Pier', wires: [[], []] },
  ...DOORS.flatMap(id => [
    { id: `in-${id}`, type: 'http in', ...at, url: `/${id}`, method: 'post', wires: [[`to-${id}`]] },
    { id: `to-${id}`, type: 'function', ...at, func: 'return Object.assign(msg, msg.req.body)', wires: [[id]] },
  ]),
  ...['any', 'pier'].map(id => ({
    ...{ id: `keep-${id}`, type: 'function', ...at, wires: [[]] },
    func: `const { topic, camera, payload } = msg; flow.set('${id}', [...(flow.get('${id}') || []), { topic, camera, payload }])`,
  })),
  { id: 'in-told', type: 'http in', ...at, url: '/told', method: 'get', wires: [['told']] },
  {
    ...{ id: 'told', type: 'function', ...at, wires: [['back']] },
    func: "msg.payload = { any: flow.get('any') || [], pier: flow.get('pier') || [] }; return msg",
  },
  { id: 'caught', type: 'catch', ...at, scope: null, wires: [['refused']] },
  {
    ...{ id: 'refused', type: 'function', ...at, wires: [['back']] },
    func: 'if (!msg.res) return; msg.statusCode = 422; msg.payload = msg.error.cause; return msg',
  },
  { id: 'back', type: 'function', ...at, func: 'return msg.res ? msg : undefined', wires: [['response']] },
  { id: 'response', type: 'http response', ...at, wires: [] },
]
