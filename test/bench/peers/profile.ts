/** What all of them encode, with x264's preset `ultrafast` and tuning `zerolatency`. */
export const PROFILE = {
  width: 1920,
  height: 1080,
  fps: 60,
  videoBitrate: 6000,
  audioBitrate: 128,
  keyframeInterval: 2,
}
