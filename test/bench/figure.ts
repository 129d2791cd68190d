/** One measured figure: `value` in `unit`; `baseline` is what it was compared with, in the unit that the note tells. */
export interface Figure {
  value: number
  unit: string
  baseline?: number
  note?: string
}

export type Figures = Record<string, Figure>

/** Three significant digits: more would claim a precision that a shared machine does not give. */
export const rounded = (value: number): number => Number(value.toPrecision(3))
