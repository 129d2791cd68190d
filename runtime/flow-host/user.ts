/** The header in which control, which has checked the log-in, says who asks; no browser can set it. */
export const USER_HEADER = 'x-vistter-user'

export interface User {
  username: string
  role: string
}

/** undefined: nobody that control has let in. */
export function userOf(header: unknown): User | undefined {
  try {
    const { username, role } = JSON.parse(String(header)) as Partial<Record<keyof User, unknown>>
    return typeof username === 'string' && typeof role === 'string' ? { username, role } : undefined
  } catch {
    return undefined
  }
}
