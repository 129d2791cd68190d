import { all, numeric, text, type Xml } from './soap.ts'

/** Numbers of one axis, as a camera counts. */
export interface Range {
  min: number
  max: number
}

/** A coordinate system of a camera: ours (ONVIF calls it generic), degrees, or its maker's own. */
export interface Space {
  uri: string
  /** Pan, or zoom. */
  x: Range
  /** Tilt. */
  y?: Range
}

/** The spaces of this kind that a PTZ node lists; the generic one first, because it needs no converting. */
export function spacesOf(node: Xml, kind: string): Space[] {
  const spaces = all(node, 'supportedPTZSpaces', kind).flatMap(space => {
    const x = rangeOf(space, 'XRange')
    const y = rangeOf(space, 'YRange')
    return x ? [{ uri: text(space, 'URI') ?? '', x, ...(y && { y }) }] : []
  })
  return spaces.sort((a, b) => Number(isGeneric(b)) - Number(isGeneric(a)))
}

const isGeneric = ({ uri }: Space): boolean => /GenericSpace$/.test(uri)

function rangeOf(space: Xml, axis: string): Range | undefined {
  const min = numeric(text(space, axis, 'min'))
  const max = numeric(text(space, axis, 'max'))
  return min !== undefined && max !== undefined && max > min ? { min, max } : undefined
}

/** From one range to another, never out of it. */
export function scaled(value: number, from: Range, to: Range): number {
  const share = Math.min(1, Math.max(0, (value - from.min) / (from.max - from.min)))
  return to.min + share * (to.max - to.min)
}

export const AROUND: Range = { min: -1, max: 1 }
export const ZOOM: Range = { min: 0, max: 1 }
