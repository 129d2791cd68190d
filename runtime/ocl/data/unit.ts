import type { Unit } from '../../contract/generated/ocl.v1.ts'

interface Measure {
  /** Units of one kind can be turned into each other. */
  kind: 'temperature' | 'speed' | 'length' | 'pressure'
  /** value × factor + offset is the value in the kind's own unit: kelvin, m/s, m, hPa. */
  factor: number
  offset?: number
  sign: string
}

const MEASURES: Record<Unit, Measure> = {
  celsius: { kind: 'temperature', factor: 1, offset: 273.15, sign: '°C' },
  fahrenheit: { kind: 'temperature', factor: 5 / 9, offset: 273.15 - 160 / 9, sign: '°F' },
  kelvin: { kind: 'temperature', factor: 1, sign: 'K' },
  'm/s': { kind: 'speed', factor: 1, sign: 'm/s' },
  'km/h': { kind: 'speed', factor: 1 / 3.6, sign: 'km/h' },
  mph: { kind: 'speed', factor: 0.44704, sign: 'mph' },
  knots: { kind: 'speed', factor: 1_852 / 3_600, sign: 'kn' },
  m: { kind: 'length', factor: 1, sign: 'm' },
  km: { kind: 'length', factor: 1_000, sign: 'km' },
  ft: { kind: 'length', factor: 0.3048, sign: 'ft' },
  mi: { kind: 'length', factor: 1_609.344, sign: 'mi' },
  nmi: { kind: 'length', factor: 1_852, sign: 'nmi' },
  mm: { kind: 'length', factor: 0.001, sign: 'mm' },
  in: { kind: 'length', factor: 0.0254, sign: 'in' },
  hPa: { kind: 'pressure', factor: 1, sign: 'hPa' },
  inHg: { kind: 'pressure', factor: 33.863886666667, sign: 'inHg' },
  mmHg: { kind: 'pressure', factor: 1.33322387415, sign: 'mmHg' },
}

export const isUnit = (value: unknown): value is Unit => typeof value === 'string' && Object.hasOwn(MEASURES, value)

export const signOf = (unit: Unit): string => MEASURES[unit].sign

/** Whether one can be turned into the other: both lengths, say. */
export const sameKind = (from: Unit, to: Unit): boolean => MEASURES[from].kind === MEASURES[to].kind

/** Undefined: they measure different things. */
export function converted(value: number, from: Unit, to: Unit): number | undefined {
  if (!sameKind(from, to)) return undefined
  // Through the kind's own unit and back a value would come out as 20.999999999999968.
  if (from === to) return value
  const [given, wanted] = [MEASURES[from], MEASURES[to]]
  const own = value * given.factor + (given.offset ?? 0)
  // What rounding left behind must not tip a value over to the next digit: 12 significant ones are more than any sensor has.
  return Number(((own - (wanted.offset ?? 0)) / wanted.factor).toPrecision(12))
}
