/** Whether the next start of Node-RED is an ordinary one or in safe mode. All times in ms. */
export interface TroubleOptions {
  /** A run at least this long is health, and what came before it is forgotten. */
  healthyAfter: number
  /** So many crashes without health between them lead to safe mode. */
  limit: number
}

/** Counts crashes that follow one another without health between: three in a row are the flow's own doing. */
export class Trouble {
  private crashes = 0
  private readonly options: TroubleOptions

  constructor(options: TroubleOptions = { healthyAfter: 60_000, limit: 3 }) {
    this.options = options
  }

  get safeMode(): boolean {
    return this.crashes >= this.options.limit
  }

  /** Node-RED ended without being asked, after this long. */
  crashed(ranForMs: number): void {
    this.crashes = ranForMs >= this.options.healthyAfter ? 1 : this.crashes + 1
  }

  reset(): void {
    this.crashes = 0
  }
}
