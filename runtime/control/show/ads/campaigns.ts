import { VistterError } from '../../../contract/errors.ts'
import type { CampaignCreative, CampaignPatch, NewCampaign } from '../../../contract/generated/openapi.v1.ts'
import { newId } from '../../../lib/ids.ts'
import { mergePatch } from '../../../lib/merge-patch.ts'
import type { Recorder, Shelf, Stored } from '../../ports.ts'
import { needsSun, type Site } from '../schedule/windows.ts'
import type { Campaign } from './campaign.ts'

export type CampaignBody = NewCampaign & { enabled: boolean }

interface Deps {
  shelf: Shelf<CampaignBody>
  hasOverlay(id: string): boolean
  site(): Site
  record: Recorder
}

/** What advertisers have booked. */
export class Campaigns {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  list(): Stored<CampaignBody>[] {
    return this.deps.shelf.list()
  }

  stored(id: string | undefined): Stored<CampaignBody> {
    const campaign = this.deps.shelf.find(id ?? '')
    if (!campaign) throw missing(id)
    return campaign
  }

  async add(given: NewCampaign, actor: string): Promise<Stored<CampaignBody>> {
    const body = this.checked({ enabled: true, ...given })
    const id = newId()
    await this.deps.shelf.write(id, () => ({ body }))
    this.note('campaign.added', id, body, 'added', actor)
    return this.stored(id)
  }

  async change(id: string | undefined, patch: CampaignPatch, actor: string): Promise<Stored<CampaignBody>> {
    const before = this.stored(id)
    await this.deps.shelf.write(before.id, present => {
      if (!present) throw missing(id)
      return { body: this.checked(mergePatch(present.body, patch)) }
    })
    this.note('campaign.changed', before.id, before.body, 'changed', actor)
    return this.stored(id)
  }

  async remove(id: string | undefined, actor: string): Promise<void> {
    const { id: known, body } = this.stored(id)
    await this.deps.shelf.remove(known)
    this.note('campaign.removed', known, body, 'deleted', actor)
  }

  /** Those that are shown on a date, as `2026-05-01`. */
  on(date: string): Campaign[] {
    return this.list()
      .filter(({ body: { enabled, from, to } }) => enabled && (from ?? date) <= date && date <= (to ?? date))
      .map(booked)
  }

  private checked(body: CampaignBody): CampaignBody {
    for (const { overlay } of body.creatives)
      if (!this.deps.hasOverlay(overlay)) throw new VistterError('UNKNOWN_REFERENCE', `There is no overlay ${overlay}.`)
    if (body.dayparts?.some(needsSun) && !this.deps.site().location)
      throw new VistterError('SCHEDULE_NO_PLACE', 'Nobody knows when the sun rises and sets here.')
    return body
  }

  private note(type: string, id: string, { name, advertiser }: CampaignBody, what: string, actor: string): void {
    const message = `The campaign ${name} of ${advertiser} was ${what}.`
    this.deps.record({ type, severity: 'info', message, actor, data: { campaign: id } })
  }
}

/** As it is planned. Pure. */
export function booked({ id, body }: Stored<CampaignBody>): Campaign {
  const { advertiser, spots, dayparts, perHour, perBreak, priority, creatives } = body
  return {
    ...{ id, advertiser, spots },
    ...(dayparts && { dayparts }),
    ...(perHour !== undefined && { perHour }),
    ...(perBreak !== undefined && { perBreak }),
    ...(priority !== undefined && { priority }),
    creatives: creatives.map(creative => ({ id: creativeId(creative), weight: creative.weight ?? 1 })),
  }
}

export const creativeId = ({ overlay, scene }: CampaignCreative): string =>
  scene === undefined ? overlay : `${overlay}#${scene}`

const missing = (id: string | undefined) => new VistterError('NOT_FOUND', `There is no campaign ${id}.`)
