import { rfc3339 } from '../../../lib/clock.ts'

const PIECE = /^\d{8}T\d{9}Z-.+\.ts$/

/** A piece's name from its begin (UTC ms) and program: names in order are pieces in order. 20260301T120000250Z-main.ts */
export function pieceName(begun: number, program: string): string {
  return `${rfc3339(begun).replaceAll(/[-:.]/g, '')}-${program.replaceAll(/[^\w-]/g, '_')}.ts`
}

export const isPiece = (name: string): boolean => PIECE.test(name)
