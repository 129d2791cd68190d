/** A page of the dashboard. */
interface Page {
  name: string
  path: string
}

/** What the dashboard's own store knows of each. */
interface Stored {
  name: string
  order: number
  visible?: boolean
  route: { path: string }
}

/** The pages of the dashboard in their order, as its store (Vuex) has them; none where it is another one by now. */
export function pagesOf(store: unknown): Page[] {
  const { pages } = (store as { state?: { ui?: { pages?: Record<string, Stored> } } } | undefined)?.state?.ui ?? {}
  return Object.values(pages ?? {})
    .filter(({ visible }) => visible !== false)
    .sort((a, b) => a.order - b.order)
    .map(({ name, route }) => ({ name, path: route.path }))
}
