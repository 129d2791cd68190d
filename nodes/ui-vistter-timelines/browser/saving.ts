import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import type { Timeline } from '../../../runtime/contract/generated/openapi.v1.ts'
import { asProblem, call, type Problem } from '../../lib-ui/api.ts'
import { useLive } from '../../lib-ui/live.ts'
import { type Draft, draftOf } from '../model/cue.ts'
import { KeptDrafts } from '../model/kept-drafts.ts'
import type { Editing } from './editing.ts'

/** In this browser. */
export const keptDrafts = new KeptDrafts(localStorage)

/** How often what is to be saved is tried again while the appliance does not answer (ms). */
const AGAIN_MS = 5_000

const same = (one: Draft, other: Draft): boolean => one === other || JSON.stringify(one) === JSON.stringify(other)

/** What is edited and what the appliance has, and the way between the two. */
export function useSaving(opened: Timeline, editing: Editing) {
  const live = useLive()
  const { id } = opened
  /** As the appliance has it. */
  const known = shallowRef(opened)
  const base = computed(() => draftOf(known.value))
  /** The one that somebody else has saved meanwhile. */
  const theirs = shallowRef<Timeline>()
  /** To be saved as soon as the appliance answers. */
  const due = ref(false)
  const busy = ref(false)
  const problem = ref<Problem>()
  const present = computed(() => editing.history.value.present)
  const dirty = computed(() => !same(base.value, present.value))

  const kept = keptDrafts.read(id)
  /** From which revision the draft comes. */
  let from = kept?.revision ?? opened.revision
  if (kept) {
    editing.begin(kept.draft)
    due.value = kept.due
  }

  const keep = () => {
    if (!dirty.value) return keptDrafts.forget(id)
    keptDrafts.write(id, { revision: from, draft: present.value, due: due.value })
  }
  const settle = (timeline: Timeline) => {
    known.value = timeline
    from = timeline.revision
    theirs.value = undefined
    due.value = false
  }
  const save = async () => {
    if (busy.value || theirs.value || !dirty.value) return
    busy.value = true
    problem.value = undefined
    try {
      settle(await call<Timeline>('PATCH', `/timelines/${id}`, { ...present.value, revision: from }))
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
    const now = await call<Timeline>('GET', `/timelines/${id}`).catch(() => undefined)
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
    () => [live.timelines[id]?.revision, live.link] as const,
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
      keptDrafts.forget(id)
      editing.begin(base.value)
      due.value = false
      problem.value = undefined
    },
  }
}

export type Saving = ReturnType<typeof useSaving>
