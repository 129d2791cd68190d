import type { RecordingUpload, Upload } from '../../runtime/contract/generated/openapi.v1.ts'
import { bitrate } from '../lib-ui/format.ts'

/** How far an upload is, in a few words. */
export function uploadStatus({ status, sent, of, nextAt }: RecordingUpload, timezone?: string): string {
  const time = nextAt && new Date(nextAt).toLocaleTimeString([], { timeStyle: 'short', timeZone: timezone })
  const count = sent > 0 ? ` (${sent} of ${of} are there)` : ''
  if (status === 'uploaded') return 'Uploaded'
  if (status === 'uploading') return `Uploading ${sent} of ${of}`
  if (status === 'failed') return `Upload failed${count}, next try ${time}`
  return time ? `Upload waits until ${time}${count}` : `Waits for its upload${count}`
}

/** Where recordings go, in a sentence. */
export function uploadPlace({ url, maxKbits, window, deleteAfter }: Upload): string {
  const when = window ? ` between ${window.from} and ${window.to}` : ''
  const after = deleteAfter ? ', then deleted here' : ''
  return `Uploaded to ${new URL(url).host}${when}, at most ${bitrate(maxKbits)}${after}.`
}
