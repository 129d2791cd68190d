import type { Faults } from './faults.ts'
import type { PtzHead } from './head.ts'
import type { Presets } from './presets.ts'
import type { Still } from './scene.ts'
import type { SoapRequest } from './soap.ts'

/** What a service does, by the name of the request; the answer is the body of the envelope. */
export type Operations = Record<string, (request: SoapRequest) => string>

/** What the services need of the camera that they belong to. */
export interface Camera {
  readonly name: string
  readonly serial: string
  readonly size: { width: number; height: number }
  /** What stands before it. */
  readonly scene: Still
  readonly faults: Faults
  readonly head: PtzHead
  readonly presets: Presets
  /** Where HTTP is served: `http://127.0.0.2:8080`. */
  readonly origin: string
  /** Monotonic ms. */
  now(): number
  /** The camera's own idea of the time (UTC ms). */
  clock(): number
  streamUrl(profile: string): string
}
