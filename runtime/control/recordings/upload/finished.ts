/** A recording whose pieces are final: what may be uploaded. Times in UTC ms. */
export interface Finished {
  id: string
  name: string
  program: string
  startedAt: number
  endedAt: number
  pieces: number
  folder: string
}
