/** A message of an appliance; `message` is undefined where it is no JSON object. */
export type Heard = (topic: string, message: Record<string, unknown> | undefined) => void

/** What carries messages between Studio and appliances: a broker of Studio's own, or somebody else's. */
export interface Post {
  onMessage: Heard
  /** The newest messages of appliances, in the order in which they came. */
  readonly heard: { topic: string; message: Record<string, unknown>; at: number }[]
  /** Appliances whose certificates are good no longer. */
  readonly revoked: Set<string>
  /** Answers its addresses, as appliances are told them. */
  start(): Promise<Record<string, string>>
  /** To an appliance; kept for it while it is away. Resolves when the broker has it. */
  send(topic: string, message: unknown): Promise<void>
  /** Whoever is connected is so no longer. */
  cut(appliance?: string): void
  stop(): Promise<void>
}

export const bytesOf = (message: unknown): Buffer =>
  Buffer.isBuffer(message) ? message : Buffer.from(typeof message === 'string' ? message : JSON.stringify(message))

export function parsed(payload: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
