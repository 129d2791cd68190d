import type { Stillness } from '../../../contract/generated/engine.v1.ts'
import { apart } from './connection.ts'
import type { PtzPosition } from './driver.ts'

/** How near a camera must stand to where it was sent. */
export const NEAR = 0.01
/** A place, or a picture, stands when it was the same for so long (ms). */
const STANDS_MS = 300
const STILL = 0.001
/** One that says it stands may not have begun yet: where the place proves nothing, it is believed after this (ms). */
const BEGINS_MS = 400
/** A picture comes late. When none has moved within this (ms), there was nothing to see of the way. */
const UNSEEN_MS = 1_500
/** A picture of which nothing is heard for so long is none (ms); a busy machine may leave out an answer. */
const GONE_MS = 1_500
/** What moves everywhere in the picture, as water does, is believed not to be the camera when it has said so for so long (ms). */
const RESTLESS_MS = 2_000

/** What is known of a camera at one moment. */
export interface Look {
  /** ms, of the clock that everything here goes by. */
  now: number
  /** Whether it says that it moves; undefined: it does not say. */
  said: boolean | undefined
  /** Where it says that it looks. */
  position: PtzPosition | undefined
  picture: Stillness
}

interface Way {
  target: PtzPosition | undefined
  from: PtzPosition | undefined
  /** When it was told to go. */
  since: number
}

/**
 * Whether a camera that was sent somewhere is there. Its word, its place and its picture must agree, as far as it gives
 * them: cheap cameras say that they stand before they have begun, and place and word come from the same firmware.
 */
export class Evidence {
  private last: { position: PtzPosition; since: number } | undefined
  /** Since when word or place say that it stands. */
  private restsSince: number | undefined
  /** Word or place have told of the way, so they are worth something. */
  private honest = false
  private look: Look | undefined
  /** When the picture was last heard of. */
  private pictureAt: number | undefined
  private readonly target: PtzPosition | undefined
  private readonly from: PtzPosition | undefined
  private readonly since: number

  /** `target`: undefined where nobody knows to which place a token of the camera leads; `from`: where it stood. */
  constructor({ target, from, since }: Way) {
    this.target = target
    this.from = from
    this.since = since
  }

  add(look: Look): void {
    const { now, said, position } = look
    this.look = look
    if (look.picture.stillMs !== undefined) this.pictureAt = now
    if (position && !(this.last && apart(this.last.position, position) <= STILL)) this.last = { position, since: now }
    if (said || this.isOnTheWay(position)) this.honest = true
    if (this.rests === false) this.restsSince = undefined
    else this.restsSince ??= now
  }

  /** By its own word where it gives one, else by its place; undefined: it says neither. */
  get rests(): boolean | undefined {
    const { look, last } = this
    if (!look) return undefined
    if (look.said !== undefined) return !look.said
    return look.position && last && look.now - last.since >= STANDS_MS
  }

  get arrived(): boolean {
    const { look, rests, pictureStands } = this
    if (!look || rests === false || this.isNear === false) return false
    const hasBegun = look.now - this.since >= BEGINS_MS
    if (pictureStands === undefined) return rests !== undefined && hasBegun
    return (this.isNear || hasBegun) && (pictureStands || this.isRestless)
  }

  /** Why it is not, for people. */
  get why(): string {
    const { look, target, rests, pictureStands } = this
    if (rests === undefined && pictureStands === undefined)
      return 'The camera says neither where it looks nor that it stands.'
    if (look?.position && target && !this.isNear)
      return `After 5 s the camera is at ${place(look.position)} instead of ${place(target)}.`
    if (rests !== false) return 'The picture was still moving after 5 s.'
    return 'The camera was still moving after 5 s.'
  }

  /** Whether it stands where it was sent to; undefined: it does not say, or nobody knows. */
  private get isNear(): boolean | undefined {
    const { look, target } = this
    return target && look?.position && apart(target, look.position) <= NEAR
  }

  /** Undefined: the picture does not tell. */
  private get pictureStands(): boolean | undefined {
    const { look, since, pictureAt } = this
    if (!look || pictureAt === undefined || look.now - pictureAt >= GONE_MS) return undefined
    const { stillMs = 0, movedAgoMs } = look.picture
    const moved = movedAgoMs !== undefined && look.now - movedAgoMs >= since
    return stillMs >= STANDS_MS && (moved || this.hadNoWay || look.now - since >= UNSEEN_MS)
  }

  private get hadNoWay(): boolean {
    const { from, target } = this
    return from !== undefined && target !== undefined && apart(from, target) <= NEAR
  }

  private get isRestless(): boolean {
    const { look, restsSince } = this
    return (
      (this.honest || this.hadNoWay) &&
      look !== undefined &&
      restsSince !== undefined &&
      look.now - restsSince >= RESTLESS_MS
    )
  }

  private isOnTheWay(position: PtzPosition | undefined): boolean {
    const { from, target } = this
    return (
      position !== undefined &&
      from !== undefined &&
      apart(from, position) > NEAR &&
      !(target && apart(target, position) <= NEAR)
    )
  }
}

const place = ({ pan, tilt, zoom }: PtzPosition): string => [pan, tilt, zoom].map(value => value.toFixed(3)).join(', ')
