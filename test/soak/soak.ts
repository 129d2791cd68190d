import { sleep, systemClock } from '../../runtime/lib/clock.ts'
import { type Deed, deeds } from './chaos.ts'
import { Dice } from './dice.ts'
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
  frames: { made: number; lost: number; percent: number }
  recorded: { frames: number; missing: number; holes: number }
  lives: string[]
  /** Empty: the run is passed. */
  faults: string[]
}

const LEAST_PERCENT = 99.5
const LONGEST_DEATH_MS = 5_000
const NOTICED_MS = 1_500

/** Runs the whole product on real peers, does to it whatever chance says, and tells what did not hold. */
export async function soak({ minutes, chaos, seed, say }: SoakOptions): Promise<SoakSummary> {
  const run = new Run(seed, say)
  try {
    await run.world.start()
    say(`seed ${seed}: everything runs`)
    const began = systemClock.mono()
    const age = () => (systemClock.mono() - began) / 60_000
    while (age() < minutes) {
      if (chaos) await run.deed()
      await run.calm(age())
    }
    return await run.verdict(age())
  } finally {
    await run.world.end()
  }
}

class Run {
  readonly world = new World()
  private readonly dice: Dice
  private readonly vitals = new Vitals()
  private readonly faults: string[] = []
  private readonly done: Record<string, number> = {}
  private readonly frames = { made: 0, lost: 0 }
  private encoderDeaths = 0
  private readonly seed: number
  private readonly say: (line: string) => void

  constructor(seed: number, say: (line: string) => void) {
    this.seed = seed
    this.dice = new Dice(seed)
    this.say = say
  }

  async deed(): Promise<void> {
    const { world } = this
    const deed = this.dice.weighted(deeds(this.dice))
    this.say(deed.name)
    const kind = deed.name.replace(/ \d.*$/, '')
    this.done[kind] = (this.done[kind] ?? 0) + 1
    if (deed.ends === 'engine') await this.count()
    if (deed.ends === 'encoder') this.encoderDeaths++
    const before = world.platforms.map(({ connections }) => connections)
    const died = systemClock.mono()
    await deed.act(world)
    // What it broke must have been noticed before it counts as repaired.
    await sleep(NOTICED_MS)
    await world.healed()
    this.checkConnections(deed, before, died)
  }

  /** A while without trouble, at whose end everything must be as it was. */
  async calm(minutes: number): Promise<void> {
    await sleep(this.dice.between(1_000, 5_000))
    await this.world.healed()
    this.vitals.look(this.world.appliance, minutes)
  }

  async verdict(minutes: number): Promise<SoakSummary> {
    await this.count()
    const files = (await this.world.recordings()).flat()
    const recorded = { frames: 0, missing: 0, holes: 0 }
    for (const file of files) {
      const reel = await judge(file)
      recorded.frames += reel.frames
      recorded.missing += reel.missing
      recorded.holes += reel.holes
      this.faults.push(...reel.faults)
    }
    const percent = 100 * (1 - this.frames.lost / this.frames.made)
    const kept = 100 * (1 - recorded.missing / (recorded.frames + recorded.missing))
    if (percent < LEAST_PERCENT) this.faults.push(`the program made ${percent.toFixed(2)} % of its frames`)
    if (kept < LEAST_PERCENT) this.faults.push(`the recordings have ${kept.toFixed(2)} % of the frames`)
    const allowed = this.encoderDeaths * this.world.platforms.length
    if (recorded.holes > allowed) this.faults.push(`${recorded.holes} holes in the recordings, ${allowed} expected`)
    return {
      ...{ seed: this.seed, minutes, deeds: this.done, frames: { ...this.frames, percent }, recorded },
      lives: this.vitals.summary(),
      faults: [...this.faults, ...this.vitals.faults()],
    }
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
      const ms = Math.round(publishes[publishes.length - 1].began - died)
      if (ends === 'engine' && ms > LONGEST_DEATH_MS) this.faults.push(`${name}: platform ${n} had to wait ${ms} ms`)
    }
  }
}
