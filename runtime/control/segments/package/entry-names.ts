import { refusal } from '../refusal.ts'

/** What Windows and old tools would take for a drive, or for a way up. */
const DANGEROUS = /^[A-Za-z]:|\\|\p{Cc}|^\/|(^|\/)\.{1,2}(\/|$)|\/\//u

/** Throws where a name in a package leads elsewhere, or says no place clearly. */
export function checkEntryName(name: string, most: number): void {
  if (name.length === 0 || name.length > most) throw refusal('SEGMENT_UNSAFE', name, 'has a name of no use.')
  if (DANGEROUS.test(name)) throw refusal('SEGMENT_UNSAFE', name, 'leads out of the package.')
}
