/** The members of the API's objects that the widgets show. */

export interface Failure {
  code: string
  detail: string
  hint: string
}

export interface User {
  username: string
  role: 'viewer' | 'operator' | 'admin'
}

export interface Program {
  source: string
  fallback: boolean
  overlays: { id: string; scene?: string; layers?: number }[]
  frames: { produced: number; dropped: number; repeated: number }
}

export interface Camera {
  id: string
  name: string
  url: string
  state: {
    status: 'connecting' | 'online' | 'degraded' | 'frozen' | 'offline'
    lastFrameAt: string | null
    video: { codec: string; width: number; height: number; fps: number } | null
    error?: Failure
  }
}

export type Platform = 'youtube' | 'facebook' | 'twitch' | 'rtmp' | 'srt' | 'file'

export interface Destination {
  id: string
  name: string
  platform: Platform
  state: {
    status: 'idle' | 'connecting' | 'live' | 'reconnecting' | 'failed'
    since: string | null
    /** kbit/s */
    videoBitrate: number
    queueSeconds: number
    error?: Failure
  }
}

export interface TestStep {
  step: string
  ok: boolean
  detail: string
  hint: string
}
