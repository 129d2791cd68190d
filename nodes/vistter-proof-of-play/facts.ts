import type { FlowState } from '../../runtime/contract/flow.ts'

export type Fact = NonNullable<FlowState['aired']>[number]

interface Wanted {
  /** Empty: everybody. */
  advertiser: string
  pictures: boolean
}

/** What has been on air since the last look, each once. What is seen first is no news. */
export class Facts {
  private last: number | undefined
  private readonly wanted: Wanted

  constructor(wanted: Wanted) {
    this.wanted = wanted
  }

  see(aired: readonly Fact[]): Fact[] {
    const { last } = this
    this.last = Math.max(last ?? 0, ...aired.map(({ id }) => id))
    if (last === undefined) return []
    const { advertiser, pictures } = this.wanted
    return aired.filter(
      ({ id, kind, ended, advertisers }) =>
        id > last &&
        ended &&
        (pictures || kind === 'overlay') &&
        (advertiser === '' || advertisers.includes(advertiser)),
    )
  }
}
