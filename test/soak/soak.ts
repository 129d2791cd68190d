import { sleep, systemClock } from '../../runtime/lib/clock.ts'
import { Causes } from './causes.ts'
import { type Deed, deeds } from './chaos.ts'
import { Dice } from './dice.ts'
import { History } from './history.ts'
import { judge } from './recordings.ts'
import { Vitals } from './vitals.ts'
import { World } from './world.ts'

export interface SoakOptions {
  minutes: number
  chaos: boolean
  seed: number
  say(line: string): void
}

export interface SoakSummary {
  seed: number
  minutes: number
  deeds: Record<string, number>
  /** Of the engine's own count. */
  frames: { made: number; lost: number; percent: number }
  /** Of what healthy platforms recorded; `holes` as ms, longest first. */
  recorded: { frames: number; missing: number; percent: number; holes: number[] }
  /** From the engine's death to the platforms' new connections (ms). */
  engineDeaths: number[]
  childStarts: number
  lives: string[]
  /** Empty: the run is passed. */
  faults: string[]
}

/** A run of this length (minutes) spares the product's own processes in its middle third: memory needs a long life to be judged. */
const LONG_RUN = 30
const LEAST_PERCENT = 99.5
const LONGEST_DEATH_MS = 5_000
/** A gap of this length is told, whatever the sum is: viewers see it. */
const LONGEST_GAP_MS = 2_500
const NOTICED_MS = 1_500
/** A platform that was stalled takes this long to have what had waited. */
const AFTERMATH_MS = 10_000

/** Of the appliance's log, told when a run could not go on. */
const LAST_LINES = 100

/** Runs the whole product on real peers, does to it whatever chance says, and tells what did not hold. */
export async function soak({ minutes, chaos, seed, say }: SoakOptions): Promise<SoakSummary> {
  const run = new Run(seed, say)
  try {
    await run.world.start()
    say(`seed ${seed}: everything runs`)
    const began = systemClock.mono()
    const age = () => (systemClock.mono() - began) / 60_000
    while (age() < minutes) {
      if (chaos) await run.deed(minutes >= LONG_RUN && Math.floor((3 * age()) / minutes) === 1)
      await run.calm(age())
    }
    return await run.verdict(age())
  } catch (error) {
    for (const line of run.world.appliance.log.slice(-LAST_LINES)) say(line)
    throw error
  } finally {
    await run.world.end()
  }
}

class Run {
  readonly world = new World()
  private readonly dice: Dice
  private readonly vitals = new Vitals()
  private readonly causes = new Causes()
  private readonly history = new History()
  private readonly faults: string[] = []
  private readonly done: Record<string, number> = {}
  private readonly frames = { made: 0, lost: 0 }
  private readonly engineDeaths: number[] = []
  private readonly seed: number
  private readonly say: (line: string) => void

  constructor(seed: number, say: (line: string) => void) {
    this.seed = seed
    this.dice = new Dice(seed)
    this.say = say
  }

  /** `spare`: none that ends a process of the product. */
  async deed(spare: boolean): Promise<void> {
    const { world } = this
    const deed = this.dice.weighted(deeds(this.dice).filter(({ ends }) => !(spare && ends)))
    this.say(deed.name)
    const kind = deed.name.replace(/ \d.*$/, '')
    this.done[kind] = (this.done[kind] ?? 0) + 1
    if (deed.ends === 'engine') await this.count()
    const before = world.platforms.map(({ connections }) => connections)
    const began = systemClock.mono()
    const over = this.history.began(deed, began)
    await deed.act(world)
    // What it broke must have been noticed before it counts as repaired.
    await sleep(NOTICED_MS)
    await world.healed()
    over(systemClock.mono() + AFTERMATH_MS)
    this.checkConnections(deed, before, began)
  }

  /** A while without trouble, at whose end everything must be as it was. */
  async calm(minutes: number): Promise<void> {
    await sleep(this.dice.between(1_000, 5_000))
    await this.world.healed()
    this.vitals.look(this.world.appliance, minutes)
    await this.causes.look(this.world.api)
  }

  async verdict(minutes: number): Promise<SoakSummary> {
    await this.count()
    const recorded = await this.recorded()
    const percent = 100 * (1 - this.frames.lost / this.frames.made)
    // Written so that no frames at all, which is no number of percent, is a fault as well.
    if (!(percent >= LEAST_PERCENT)) this.faults.push(`the program made ${percent.toFixed(2)} % of its frames`)
    if (!(recorded.percent >= LEAST_PERCENT))
      this.faults.push(`the recordings have ${recorded.percent.toFixed(2)} % of the frames`)
    return {
      ...{ seed: this.seed, minutes, deeds: this.done, frames: { ...this.frames, percent }, recorded },
      ...{ engineDeaths: this.engineDeaths, childStarts: this.causes.starts, lives: this.vitals.summary() },
      faults: [...this.faults, ...this.causes.faults(), ...this.vitals.faults()],
    }
  }

  /** Judges what the platforms have; what one of them brought upon itself does not count. */
  private async recorded(): Promise<SoakSummary['recorded']> {
    const sum = { frames: 0, missing: 0, holes: [] as number[] }
    const files = await this.world.recordings()
    for (const [platform, ofPlatform] of files.entries()) {
      const { publishes } = this.world.platforms[platform]
      if (publishes.length !== ofPlatform.length)
        this.faults.push(`platform ${platform}: ${ofPlatform.length} recordings of ${publishes.length} connections`)
      for (const [n, file] of ofPlatform.entries()) {
        const { frames, holes, faults } = await judge(file)
        this.faults.push(...faults)
        sum.frames += frames
        for (const { at, ms, missing } of holes) {
          const from = publishes[n].began + at
          if (this.history.excuses(platform, from, from + ms)) continue
          sum.missing += missing
          sum.holes.push(Math.round(ms))
          const words = `platform ${platform}: a hole of ${Math.round(ms)} ms, ${this.history.before(from)}`
          this.say(words)
          if (ms > LONGEST_GAP_MS) this.faults.push(words)
        }
      }
    }
    sum.holes.sort((a, b) => b - a)
    return { ...sum, percent: 100 * (1 - sum.missing / (sum.frames + sum.missing)) }
  }

  /** What this life of the engine made and lost; before it ends. */
  private async count(): Promise<void> {
    const { produced, dropped, repeated } = (await this.world.program()).frames
    this.frames.made += produced + dropped
    this.frames.lost += dropped + repeated
  }

  /** Nobody but the one that was hit connects anew; after the engine's death each does, once and soon. */
  private checkConnections({ name, hits, ends }: Deed, before: number[], died: number): void {
    for (const [n, { connections, publishes }] of this.world.platforms.entries()) {
      if (n === hits) continue
      const fresh = connections - before[n]
      const expected = ends === 'engine' ? 1 : 0
      if (fresh !== expected) this.faults.push(`${name}: platform ${n} got ${fresh} new connections, not ${expected}`)
      if (ends !== 'engine') continue
      const ms = Math.round(publishes[publishes.length - 1].began - died)
      this.engineDeaths.push(ms)
      if (ms > LONGEST_DEATH_MS) this.faults.push(`${name}: platform ${n} had to wait ${ms} ms`)
    }
  }
}
