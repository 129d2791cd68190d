const KEY = 'vistter.timeline.open'

/** In this tab: which timeline is open, so that a reload, or a page that is drawn anew, comes back to it. */
export const openedTimeline = {
  id: (): string => sessionStorage.getItem(KEY) ?? '',
  open: (id: string): void => sessionStorage.setItem(KEY, id),
  close: (): void => sessionStorage.removeItem(KEY),
}
