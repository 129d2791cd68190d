import type { SpriteDelta } from '../memory/sprite.ts'
import { Airings } from './airings.ts'
import type { FrameTimes } from './clock.ts'
import type { MixerReport, Version } from './messages.ts'
import { Player } from './player.ts'

interface Size {
  width: number
  height: number
}

/** A frame's time is a sum of fractions. */
const HAIR = 1e-3
const NOBODY: ReadonlyMap<string, Player> = new Map()

/**
 * The overlays that lie over a program: of each the version that plays, and those that are to follow it. Its maps are made
 * anew and never emptied: what was in one that was emptied hangs on the one that is in use, and the mixer's thread, which
 * never rests, hardly ever comes to the long collection that would find it.
 */
export class Stage {
  /** Those that play, by overlay, in paint order. */
  players: ReadonlyMap<string, Player> = NOBODY
  private known = new Map<number, Player>()
  private versions = new Map<string, Player[]>()
  private readonly airings: Airings
  private readonly picture: Size

  constructor(picture: Size, times: Pick<FrameTimes, 'msOf'>) {
    this.picture = picture
    this.airings = new Airings(times)
  }

  /**
   * In paint order; of one overlay the version that plays, then those that take over from it, in order of time. None that
   * is not in the list is touched after this.
   */
  set(list: Version[]): void {
    const before = this.known
    this.known = new Map()
    this.versions = new Map()
    for (const { version, overlay } of list) {
      const player = before.get(version) ?? (overlay && new Player(overlay, this.picture))
      if (!player) continue
      this.known.set(version, player)
      this.versions.set(player.id, [...(this.versions.get(player.id) ?? []), player])
    }
    this.cast()
  }

  supply(version: number, delta: SpriteDelta): void {
    this.known.get(version)?.supply(delta)
  }

  /** Brings all that plays up to date for the frame at `wall` (UTC ms). */
  seek(wall: number): void {
    let turned = false
    for (const versions of this.versions.values()) {
      for (; versions.length > 1 && versions[1].at <= wall + HAIR; turned = true) versions.shift()
      versions[0].seek(wall)
    }
    if (turned) this.cast()
  }

  /** Frame `n` (UTC ms `wall`) shows what plays; or, where overlays are hidden, nothing of it. */
  aired(n: number, wall: number, hidden: boolean): void {
    this.airings.saw(hidden ? NOBODY : this.players, n, wall)
  }

  /** Frame `n` shows the one before again. */
  again(n: number): void {
    this.airings.again(n)
  }

  cutAirings(): void {
    this.airings.cut()
  }

  private cast(): void {
    this.players = new Map([...this.versions].map(([id, [first]]) => [id, first]))
  }

  /** What was late, and what has left the air, is told once. */
  report(): Pick<MixerReport, 'overlays' | 'late' | 'airings' | 'faults'> {
    const players = [...this.players.values()]
    const late = players.flatMap(({ id, late }) => [...late].map(([cue, shows]) => ({ overlay: id, cue, shows })))
    for (const player of players) if (player.late.size > 0) player.late.clear()
    return {
      overlays: players.map(({ id, scene, layers }) => ({ id, ...(scene !== undefined && { scene }), layers })),
      late,
      airings: this.airings.take(),
      faults: players.flatMap(({ id, fault }) => (fault === undefined ? [] : [{ overlay: id, detail: fault }])),
    }
  }
}
