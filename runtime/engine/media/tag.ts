/**
 * One FLV tag on its way from an encoder to the outputs (Adobe Flash Video File Format 10.1, annex E.4).
 * The relay, RTMP and the browser preview all speak FLV tags, so nothing is repackaged in between.
 */
export interface FlvTag {
  kind: 'video' | 'audio' | 'script'
  /** ms of program time + 1000. */
  timestamp: number
  /** The tag body: for video and audio it begins with the codec byte. */
  data: Buffer
  /** A video tag from which decoding can start. */
  keyframe: boolean
  /** An AVC or AAC sequence header: decoders need it before anything else. */
  header: boolean
}
