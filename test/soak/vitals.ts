import { readdirSync, readFileSync } from 'node:fs'
import type { ApplianceProcess, Part } from '../peers/appliance.ts'

interface Sample {
  minutes: number
  rssMb: number
  descriptors: number
}

const PARTS: Part[] = ['engine', 'control', 'flow-host']
/** Caches fill and code is compiled; what grows after this is a leak (minutes of one process's life). */
const WARM_UP = 1
/** Of a life this long (minutes), which is judged more strictly: its collectors have run often. */
const LONG_LIFE = 10
const LONG_WARM_UP = 3
/** Allowed growth (MB): what a garbage collector may leave at any moment, and per minute. */
const SHORT = { slack: 60, aMinute: 0.5 }
const LONG = { slack: 10, aMinute: 0.5 }
const SLACK_DESCRIPTORS = 12

/** Memory and descriptors of each life of each part, looked at only when everything is well. */
export class Vitals {
  private readonly lives = new Map<string, Sample[]>()

  look(appliance: ApplianceProcess, minutes: number): void {
    for (const part of PARTS) {
      const pid = appliance.pidOf(part)
      if (!pid) continue
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const rssMb = Number(status.match(/^VmRSS:\s+(\d+)/m)?.[1] ?? 0) / 1_024
      this.note(`${part} ${pid}`, { minutes, rssMb, descriptors: readdirSync(`/proc/${pid}/fd`).length })
    }
  }

  note(life: string, sample: Sample): void {
    this.lives.set(life, [...(this.lives.get(life) ?? []), sample])
  }

  /** What grew, in words. */
  faults(): string[] {
    return [...this.lives].flatMap(([life, all]) => {
      const age = all[all.length - 1].minutes - all[0].minutes
      const [warmUp, { slack, aMinute }] = age >= LONG_LIFE ? [LONG_WARM_UP, LONG] : [WARM_UP, SHORT]
      const samples = all.filter(({ minutes }) => minutes >= all[0].minutes + warmUp)
      if (samples.length < 4) return []
      const minutes = samples[samples.length - 1].minutes - samples[0].minutes
      const grown = slope(samples.map(({ minutes, rssMb }) => [minutes, rssMb])) * minutes
      const opened = samples[samples.length - 1].descriptors - Math.max(...all.slice(0, 3).map(s => s.descriptors))
      return [
        ...(grown > slack + aMinute * minutes
          ? [`${life} grew by ${grown.toFixed(0)} MB in ${minutes.toFixed(0)} minutes`]
          : []),
        ...(opened > SLACK_DESCRIPTORS ? [`${life} has ${opened} more open descriptors`] : []),
      ]
    })
  }

  /** The last sight of each life. */
  summary(): string[] {
    return [...this.lives].map(([life, samples]) => {
      const { rssMb, descriptors } = samples[samples.length - 1]
      return `${life}: ${samples[0].rssMb.toFixed(0)} → ${rssMb.toFixed(0)} MB, ${samples[0].descriptors} → ${descriptors} descriptors`
    })
  }
}

/** Of the straight line through the points (least squares). */
function slope(points: [x: number, y: number][]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const width = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
  return width === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / width
}
