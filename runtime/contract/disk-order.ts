/**
 * Who gives way when a disk gets full: first what is an extra (live folders), then recordings, never the show, which needs
 * the rest for its database. Each looks at the disk that it writes to.
 */

/** With fewer free bytes than this on a disk of this size, extras stop. */
export const lowBytes = (size: number): number => Math.min(1e9, size / 10)

/** With fewer free bytes than this, recordings stop. */
export const reservedBytes = (size: number): number => lowBytes(size) / 2

/** So much more must be free before what has stopped goes on, so that it does not go to and fro. */
export const SLACK = 1.1
