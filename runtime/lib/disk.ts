import { statfs } from 'node:fs/promises'

/** What a disk has (bytes): `free` is what an ordinary user may still write. */
export interface Room {
  free: number
  size: number
}

/** The room on the disk of a folder that exists. */
export async function roomOf(folder: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, size: blocks * bsize }
}

/** Whether the store could not write for want of room: what is tried again later may succeed. */
export const isFull = (error: unknown): boolean => error instanceof Error && error.message.startsWith('SQLITE_FULL')
