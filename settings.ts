import { join } from 'node:path'
import type { Vistter } from './runtime/contract/flow.ts'
import { dashboardDoor } from './runtime/flow-host/dashboard-door.ts'
import { USER_HEADER, userOf } from './runtime/flow-host/user.ts'

/** What the flow host knows about this start of Node-RED. */
export interface FlowSettings {
  userDir: string
  nodesDir: string
  /** Encrypts what nodes keep as credentials; derived from the appliance's key, so it is the same at every start. */
  credentialSecret: string
  safeMode: boolean
  vistter: Vistter
  log: (line: { level: number; type?: string; msg: unknown }) => void
}

/**
 * Node-RED's settings (nodered.org/docs/user-guide/runtime/configuration). It listens on a Unix socket behind control, which
 * has checked the log-in and says in a header who asks; so there is one log-in, and a revoked session ends here too.
 */
export function nodeRedSettings(host: FlowSettings): Record<string, unknown> {
  const logo = join(host.nodesDir, 'logo.svg')
  return {
    flowFile: 'flows.json',
    flowFilePretty: true,
    userDir: host.userDir,
    nodesDir: [host.nodesDir],
    credentialSecret: host.credentialSecret,
    safeMode: host.safeMode,
    vistter: host.vistter,

    httpAdminRoot: '/editor',
    httpNodeRoot: '/',
    adminAuth: { tokenHeader: USER_HEADER, tokens: adminOf },
    dashboard: { maxHttpBufferSize: 1_000_000, ioMiddleware: dashboardDoor },

    // What a flow may not do on an appliance: run programs, fetch code.
    nodesExcludes: ['90-exec.js'],
    functionExternalModules: false,
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpload: false, allowUpdate: false },
      modules: { allowInstall: false },
    },
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: false, ui: false },
    runtimeState: { enabled: false, ui: false },
    exportGlobalContextKeys: false,

    logging: { appliance: { level: 'info', metrics: false, audit: false, handler: () => host.log } },
    editorTheme: {
      page: { title: 'VistterStream flows', favicon: logo },
      header: { title: 'VistterStream', image: logo, url: '/dashboard' },
      tours: false,
      userMenu: false,
      projects: { enabled: false },
      multiplayer: { enabled: false },
      codeEditor: { lib: 'monaco' },
      palette: {
        categories: ['VistterStream', 'subflows', 'common', 'function', 'network', 'sequence', 'parser', 'storage'],
      },
    },
  }
}

/** Admins only: everyone else has been turned away at the front door, and is turned away here once more. */
async function adminOf(header: string): Promise<{ username: string; permissions: string } | null> {
  const user = userOf(header)
  return user?.role === 'admin' ? { username: user.username, permissions: '*' } : null
}
