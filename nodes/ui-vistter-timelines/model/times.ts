/** 83 500 ms as "1:23.5", 3 600 000 as "1:00:00"; tenths or thousandths only where there are any. */
export function clockText(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  const seconds = Math.floor(whole / 1_000)
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const rest = whole % 1_000
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0').replace(/0+$/, '')}`
  const minutes = h > 0 ? String(m).padStart(2, '0') : String(m)
  return `${h > 0 ? `${h}:` : ''}${minutes}:${String(s).padStart(2, '0')}${fraction}`
}

const TIME = /^(?:(?:(\d{1,4}):)?(\d{1,3}):)?(\d{1,7})(?:[.,](\d{1,3}))?$/

/** "1:23.5", "83.5", "1:00:00" as ms; undefined: it is no time. */
export function parseClock(text: string): number | undefined {
  const found = TIME.exec(text.trim())
  if (!found) return undefined
  const [, h = '0', m = '0', s = '0', fraction = ''] = found
  return (Number(h) * 3_600 + Number(m) * 60 + Number(s)) * 1_000 + Number(fraction.padEnd(3, '0'))
}
