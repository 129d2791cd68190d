import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import type { Timeline } from '../../../runtime/contract/generated/openapi.v1.ts'
import { asProblem, call, type Problem } from '../../lib-ui/api.ts'
import { useLive } from '../../lib-ui/live.ts'
import { type Draft, draftOf } from '../model/cue.ts'
import { KeptDrafts } from '../model/kept-drafts.ts'
import { desks } from './desk.ts'
import type { Editing } from './editing.ts'
import { addTimeline, isFresh } from './fresh.ts'
import { openedTimeline } from './opened.ts'

/** In this browser. */
export const keptDrafts = new KeptDrafts(localStorage)

/** How often what is to be saved is tried again while the appliance does not answer (ms). */
const AGAIN_MS = 5_000

const same = (one: Draft, other: Draft): boolean => one === other || JSON.stringify(one) === JSON.stringify(other)

/** What is edited and what the appliance has, and the way between the two. */
export function useSaving(opened: Timeline, editing: Editing) {
  const live = useLive()
  /** As the appliance has it, or as a fresh one begins. */
  const known = shallowRef(opened)
  const id = computed(() => known.value.id)
  /** That which is saved, as it was written here: the appliance may have filled in what nobody said. */
  const base = shallowRef(draftOf(opened))
  /** The one that somebody else has saved meanwhile. */
  const theirs = shallowRef<Timeline>()
  /** To be saved as soon as the appliance answers. */
  const due = ref(false)
  const busy = ref(false)
  const problem = ref<Problem>()
  const present = computed(() => editing.history.value.present)
  const isChanged = computed(() => !same(base.value, present.value))
  const dirty = computed(() => isChanged.value || isFresh(id.value))

  const kept = keptDrafts.read(id.value)
  /** From which revision the draft comes. */
  let from = kept?.revision ?? opened.revision
  if (kept) due.value = kept.due
  const wanted = kept?.draft ?? base.value
  if (!same(wanted, present.value)) editing.begin(wanted)

  const keep = () => {
    if (!isChanged.value && !due.value) return keptDrafts.forget(id.value)
    keptDrafts.write(id.value, { revision: from, draft: present.value, due: due.value })
  }
  const settle = (timeline: Timeline, written = draftOf(timeline)) => {
    if (timeline.id !== id.value) {
      keptDrafts.forget(id.value)
      if (openedTimeline.id() === id.value) openedTimeline.open(timeline.id)
      desks.rename(id.value, timeline.id)
    }
    known.value = timeline
    base.value = written
    from = timeline.revision
    theirs.value = undefined
    due.value = false
  }
  const save = async () => {
    if (busy.value || theirs.value || !dirty.value) return
    busy.value = true
    problem.value = undefined
    try {
      const written = present.value
      if (isFresh(id.value)) {
        const { timeline, isNew } = await addTimeline(id.value, written, due.value)
        settle(timeline, isNew ? written : undefined)
      }
      if (!same(base.value, written)) {
        const body = { ...written, revision: from }
        settle(await call<Timeline>('PATCH', `/timelines/${id.value}`, body), written)
      }
    } catch (thrown) {
      const refusal = asProblem(thrown)
      due.value = refusal.code === 'UNREACHABLE'
      if (refusal.code === 'TIMELINE_CHANGED') await meet()
      else if (!due.value) problem.value = refusal
    } finally {
      busy.value = false
      keep()
    }
  }
  /** Looks what somebody else has made of it. */
  const meet = async () => {
    const now = await call<Timeline>('GET', `/timelines/${id.value}`).catch(() => undefined)
    if (!now || now.revision === from) return
    if (!dirty.value || same(draftOf(now), present.value)) {
      settle(now)
      editing.begin(draftOf(now))
    } else theirs.value = now
  }

  watch([present, due], keep)
  const again = setInterval(() => due.value && void save(), AGAIN_MS)
  onBeforeUnmount(() => clearInterval(again))
  watch(
    () => [live.timelines[id.value]?.revision, live.link] as const,
    ([revision, link]) => {
      if (link !== 'live') return
      if (due.value) void save()
      else if (!busy.value && revision !== undefined && revision !== from) void meet()
    },
    { immediate: true },
  )
  return {
    ...{ known, theirs, due, busy, problem, dirty, save },
    takeTheirs() {
      if (!theirs.value) return
      editing.begin(draftOf(theirs.value))
      settle(theirs.value)
      keep()
    },
    keepMine() {
      if (!theirs.value) return
      settle(theirs.value)
      return save()
    },
    /** What is not saved is given up. */
    discard() {
      keptDrafts.forget(id.value)
      editing.begin(base.value)
      due.value = false
      problem.value = undefined
    },
  }
}

export type Saving = ReturnType<typeof useSaving>
