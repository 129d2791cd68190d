import type { Draft } from './cue.ts'

/** What somebody has not saved yet. */
export interface KeptDraft {
  /** The revision that it was made from. */
  revision: number
  draft: Draft
  /** It was to be saved, and the appliance did not answer. */
  due: boolean
}

const PREFIX = 'vistter.timeline.'
const VERSION = 1

type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** Unsaved timelines in this browser: they outlive a reload, and a connection that is gone. They hold no secrets. */
export class KeptDrafts {
  private readonly keeper: Keeper

  constructor(keeper: Keeper) {
    this.keeper = keeper
  }

  /** By the id of the timeline. */
  ids(): string[] {
    const keys = Array.from({ length: this.keeper.length }, (_, n) => this.keeper.key(n) ?? '')
    return keys.filter(key => key.startsWith(PREFIX)).map(key => key.slice(PREFIX.length))
  }

  read(id: string): KeptDraft | undefined {
    try {
      const { version, ...kept } = JSON.parse(this.keeper.getItem(PREFIX + id) ?? '') as KeptDraft & { version: number }
      return version === VERSION && Array.isArray(kept.draft.cues) ? kept : undefined
    } catch {
      // None, or of another release.
      return undefined
    }
  }

  /** A browser that keeps nothing, as in a private window, keeps no draft: that is no reason to stop working. */
  write(id: string, kept: KeptDraft): void {
    try {
      this.keeper.setItem(PREFIX + id, JSON.stringify({ ...kept, version: VERSION }))
    } catch {
      // Full, or forbidden.
    }
  }

  forget(id: string): void {
    this.keeper.removeItem(PREFIX + id)
  }
}
