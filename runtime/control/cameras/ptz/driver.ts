/** Where a camera looks: pan and tilt from -1 to 1 (right and up are positive), zoom from 0 (wide) to 1. */
export interface PtzPosition {
  pan: number
  tilt: number
  zoom: number
}

/** How fast it shall move, each from -1 to 1 of its full speed. */
export interface PtzVelocity {
  pan: number
  tilt: number
  zoom: number
}

export interface PtzCapabilities {
  /** It goes to a position that it is told. */
  absolute: boolean
  relative: boolean
  /** It moves at a speed until it is stopped. */
  continuous: boolean
  /** How many presets it can keep itself. */
  presets: number
  /** It says whether it moves. */
  moveStatus: boolean
  home: boolean
}

/** A place that the camera itself has kept. */
export interface PtzPreset {
  /** As the camera gave it, letter by letter: "1", "01" and "1.0" are three presets. */
  token: string
  name: string
  /** Not every camera tells it. */
  position?: PtzPosition
}

/**
 * One camera that can be moved, whatever it speaks. Every promise settles within 5 s; a failure is a VistterError.
 * A driver keeps no connection: what was connected once goes on working when the camera returns from a restart.
 */
export interface PtzDriver {
  /** Finds out what the camera is and can. Nothing else works before it; it may be repeated. */
  connect(signal?: AbortSignal): Promise<void>
  readonly capabilities: PtzCapabilities
  position(): Promise<PtzPosition>
  /** Undefined: the camera does not say. */
  moving(): Promise<boolean | undefined>
  /** Until stop(), the next move, or for as long as the camera itself allows it without hearing from us. */
  move(velocity: PtzVelocity): Promise<void>
  stop(): Promise<void>
  /** Settles when the camera has begun, not when it is there. */
  goTo(position: PtzPosition): Promise<void>
  presets(): Promise<PtzPreset[]>
  /** Keeps the present position; answers the token of the preset. */
  savePreset(name: string): Promise<string>
  recall(token: string): Promise<void>
  removePreset(token: string): Promise<void>
}
