/** The few parts of the npm library that we use, as they really behave: its own types promise more than cameras keep. */
declare module 'onvif/lib/cam.js' {
  type Done = (error: unknown, value?: unknown, xml?: string, status?: number) => void

  interface Request {
    /** Absent: the device service. */
    service?: string
    body: string
  }

  interface Ptz {
    profileToken: string
    x?: number
    y?: number
    zoom?: number
    xyspace?: string
    zoomspace?: string
    onlySendPanTilt?: boolean
    onlySendZoom?: boolean
    /** ms */
    timeout?: number
  }

  class Cam {
    constructor(options: {
      hostname: string
      port: number
      username?: string | undefined
      password?: string | undefined
      autoconnect: false
    })
    /** Where each service is, from getServices or getCapabilities. */
    uri?: Record<string, { path: string | null } | undefined>
    media2Support?: boolean
    readonly path: string

    getSystemDateAndTime(done: Done): void
    getServices(includeCapability: boolean, done: Done): void
    getCapabilities(done: Done): void
    getDeviceInformation(done: Done): void
    getScopes(done: Done): void
    getProfiles(done: Done): void
    getStreamUri(options: { protocol: 'RTSP'; profileToken: string }, done: Done): void
    getNodes(done: Done): void
    getStatus(options: { profileToken: string }, done: Done): void
    absoluteMove(options: Ptz, done: Done): void
    continuousMove(options: Ptz, done: Done): void
    stop(options: { profileToken: string; panTilt: boolean; zoom: boolean }, done: Done): void
    getPresets(options: { profileToken: string }, done: Done): void
    setPreset(options: { profileToken: string; presetName: string }, done: Done): void
    gotoPreset(options: { profileToken: string; preset: string }, done: Done): void
    removePreset(options: { profileToken: string; presetToken: string }, done: Done): void

    digestAuth(challenges: string[], request: { method: string; path: string }): string
    _request(request: Request, done: Done): void
    _envelopeHeader(open?: boolean): string
    _envelopeFooter(): string
  }

  const library: { Cam: typeof Cam }
  export default library
  export type { Cam, Done, Request }
}

declare module 'onvif/lib/utils.js' {
  const utils: {
    parseSOAPString(xml: string, done: (error: unknown, body: unknown) => void, status: number): void
  }
  export default utils
}
