/** 4500 kbit/s as "4.5 Mbit/s", 128 as "128 kbit/s". */
export function bitrate(kbits: number): string {
  return kbits >= 1_000 ? `${(kbits / 1_000).toFixed(1)} Mbit/s` : `${Math.round(kbits)} kbit/s`
}

/** A span in ms as people say it: "12 s", "4 min", "3 h 20 min", "2 d 4 h". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (seconds < 60) return `${seconds} s`
  if (minutes < 60) return `${minutes} min`
  if (hours < 24) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** 1 234 567 890 bytes as "1.23 GB", 5 000 000 as "5 MB", 400 as "1 kB". */
export function fileSize(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`
}

/** What the clocks at the site say (`now`: UTC ms), and by which zone: "7:41 PM GMT+1". All times of the dashboard are told by it. */
export const siteClock = (timeZone: string | undefined, now: number): string =>
  new Date(now).toLocaleTimeString([], {
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
    ...(timeZone !== undefined && { timeZone }),
  })

/** A time (RFC 3339) on the clock of the site; its day is told when that is not today's (`now`: UTC ms). */
export function siteTime(text: string, timeZone: string | undefined, now: number): string {
  const at = new Date(text)
  const zone = timeZone !== undefined && { timeZone }
  const day = { month: 'short', day: 'numeric', ...zone } as const
  const time = { hour: 'numeric', minute: '2-digit', ...zone } as const
  const dayOf = (moment: Date) => moment.toLocaleDateString([], { ...day, year: 'numeric' })
  return dayOf(at) === dayOf(new Date(now))
    ? at.toLocaleTimeString([], time)
    : at.toLocaleString([], { ...day, ...time })
}
