import mpegts from 'mpegts.js'
import { chase } from './chase.ts'

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
/** How often it looks how far behind live it is (ms). */
const CHASE_MS = 100
/** A jump takes a slow computer a while, since it decodes from the last keyframe: no other one meanwhile (ms). */
const JUMP_PAUSE_MS = 1_500
/** A stall counts for this long (ms). */
const STALLS_MS = 30_000

/**
 * Plays the endless HTTP-FLV of a program and stays close to live: it plays a little faster when it falls behind and
 * jumps when it falls far behind. A stream that ends, fails or stalls is opened again, for as long as it is started.
 */
export class LivePlayer {
  private player?: mpegts.Player
  private retry?: number
  private watch?: number
  private chaser?: number
  private jumpedAt = 0
  private stalls: number[] = []
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
    this.chaser = window.setInterval(() => this.chase(), CHASE_MS)
    this.video.addEventListener('waiting', this.stalled)
    this.open()
  }

  stop(): void {
    clearInterval(this.watch)
    clearInterval(this.chaser)
    this.video.removeEventListener('waiting', this.stalled)
    clearTimeout(this.retry)
    this.close()
  }

  private open(): void {
    this.onState('connecting')
    this.movedAt = performance.now()
    this.lastTime = 0
    this.jumpedAt = 0
    this.player = mpegts.createPlayer(
      { type: 'flv', isLive: true, url: this.url },
      {
        enableStashBuffer: false,
        lazyLoad: false,
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

  /** What arrives came to an end before the next of it; a jump also waits, for the decoder, and says nothing about the way. */
  private readonly stalled = () => {
    if (!this.video.seeking) this.stalls.push(performance.now())
  }

  private chase(): void {
    const { video } = this
    const { buffered } = video
    const now = performance.now()
    if (buffered.length === 0 || video.paused || video.seeking || now - this.jumpedAt < JUMP_PAUSE_MS) return
    this.stalls = this.stalls.filter(at => now - at < STALLS_MS)
    const newest = buffered.end(buffered.length - 1)
    const { rate, jump } = chase(newest - video.currentTime, video.playbackRate, this.stalls.length)
    if (video.playbackRate !== rate) video.playbackRate = rate
    if (jump === undefined) return
    this.jumpedAt = now
    video.currentTime = newest - jump
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
