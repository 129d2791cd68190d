import { USER_HEADER, userOf } from './user.ts'

/** What we call of a socket of Dashboard 2.0 (socket.io). */
interface DashboardSocket {
  handshake: { headers: Record<string, unknown>; xdomain: boolean }
  use(hear: (packet: readonly unknown[], pass: () => void) => void): unknown
  disconnect(close: true): unknown
}

const OPERATES = new Set(['operator', 'admin'])
/** A page asks so for what its widgets show now. Everything else that a browser says is a message to the flow. */
const LOOKS = 'widget-load'

/**
 * Whoever may only look has no say in the flow, which acts as operator: no button, no switch, no event of a page. A role
 * changes only with a new log-in, which is a new socket. It stands in for Dashboard's own check of the origin.
 */
export function dashboardDoor(socket: DashboardSocket, next: () => void): void {
  const { headers, xdomain } = socket.handshake
  if (xdomain) {
    socket.disconnect(true)
    return
  }
  const role = userOf(headers[USER_HEADER])?.role
  if (role === undefined || !OPERATES.has(role))
    socket.use(([event], pass) => {
      if (event === LOOKS) pass()
    })
  next()
}
