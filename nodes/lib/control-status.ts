import type { FlowState } from '../../runtime/contract/flow.ts'

type Control = NonNullable<FlowState['programs'][number]['control']>

/** Who has control of a program, as nodes show it in a few words: the rank, and by whom or what. */
export const controlText = ({ rank, by }: Pick<Control, 'rank' | 'by'>, t: (key: string) => string): string =>
  `${t(`shared.rank.${rank}`)} ${by}`
