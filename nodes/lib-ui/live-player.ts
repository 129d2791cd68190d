import mpegts from 'mpegts.js'

export type PlayerState = 'connecting' | 'playing' | 'waiting'

// It explains each hop to live on the console, which is for what is wrong.
mpegts.LoggingControl.enableVerbose = false
mpegts.LoggingControl.enableDebug = false
mpegts.LoggingControl.enableInfo = false
mpegts.LoggingControl.enableWarn = false

/** Waits between attempts (ms); the last one repeats. */
const RETRY_MS = [500, 1_000, 2_000, 4_000]
/** A picture that stands for so long means a dead connection that nobody closed (ms). */
const STALL_MS = 5_000
const WATCH_MS = 1_000

/**
 * Plays the endless HTTP-FLV of a program and stays close to live: it plays a little faster when it falls behind and
 * jumps when it falls far behind. A stream that ends, fails or stalls is opened again, for as long as it is started.
 */
export class LivePlayer {
  private player?: mpegts.Player
  private retry?: number
  private watch?: number
  private attempts = 0
  private lastTime = 0
  private movedAt = 0
  private readonly video: HTMLVideoElement
  private readonly url: string
  private readonly onState: (state: PlayerState) => void

  constructor(video: HTMLVideoElement, url: string, onState: (state: PlayerState) => void) {
    this.video = video
    this.url = url
    this.onState = onState
  }

  start(): void {
    this.watch = window.setInterval(() => this.check(), WATCH_MS)
    this.open()
  }

  stop(): void {
    clearInterval(this.watch)
    clearTimeout(this.retry)
    this.close()
  }

  private open(): void {
    this.onState('connecting')
    this.movedAt = performance.now()
    this.lastTime = 0
    this.player = mpegts.createPlayer(
      { type: 'flv', isLive: true, url: this.url },
      {
        enableStashBuffer: false,
        lazyLoad: false,
        liveBufferLatencyChasing: true,
        // Whoever joins gets the present group of pictures from its keyframe: what is late of it is jumped over at once.
        liveBufferLatencyMaxLatency: 0.9,
        liveBufferLatencyMinRemain: 0.35,
        liveSync: true,
        liveSyncMaxLatency: 0.8,
        liveSyncTargetLatency: 0.4,
        liveSyncPlaybackRate: 1.1,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: 30,
        autoCleanupMinBackwardDuration: 10,
      },
    )
    this.player.on(mpegts.Events.ERROR, () => this.again())
    this.player.on(mpegts.Events.LOADING_COMPLETE, () => this.again())
    this.player.attachMediaElement(this.video)
    this.player.load()
    // Refused autoplay is no failure: the picture starts at the first touch of the page.
    Promise.resolve(this.player.play()).catch(() => {})
  }

  private close(): void {
    this.player?.destroy()
    this.player = undefined
  }

  private again(): void {
    if (!this.player) return
    this.onState('waiting')
    const wait = RETRY_MS[Math.min(this.attempts++, RETRY_MS.length - 1)]
    // Not inside the player's own callback: it goes on using itself after calling us.
    clearTimeout(this.retry)
    this.retry = window.setTimeout(() => {
      this.retry = undefined
      this.close()
      this.open()
    }, wait)
  }

  private check(): void {
    // What still moves is the rest of a buffer that nothing follows.
    if (this.retry !== undefined) return
    const now = performance.now()
    // A hidden page may stop its video: that is the browser saving work, not a stall.
    if (document.hidden) this.movedAt = now
    if (this.video.currentTime > this.lastTime) {
      this.lastTime = this.video.currentTime
      this.movedAt = now
      this.attempts = 0
      this.onState('playing')
    } else if (now - this.movedAt > STALL_MS) {
      this.movedAt = now
      this.again()
    }
  }
}
