import { createHash, randomBytes } from 'node:crypto'

/** A secret that proves by possession (session cookie, API token): 256 random bits. Only its hash is stored. */
export const newBearer = (): string => randomBytes(32).toString('base64url')

/** Plain SHA-256 is enough for 256 random bits: there is nothing to guess that salt and cost would protect. */
export const hashBearer = (bearer: string): string => createHash('sha256').update(bearer).digest('hex')
