const MIB = 1_048_576

/** What a package may be: much more than any show needs, and less than what would hurt the box. */
export const LIMITS = {
  packageBytes: 1_024 * MIB,
  files: 2_000,
  nameLength: 300,
  /** Of all files together, unpacked. */
  unpackedBytes: 2_048 * MIB,
  /** Of one JSON file; and of all that are kept in memory together. */
  jsonBytes: 16 * MIB,
  allJsonBytes: 64 * MIB,
  /** Unpacked to packed: more only a bomb has. Small files may be as regular as they like. */
  ratio: 200,
  smallBytes: MIB,
} as const

export type Limits = Record<keyof typeof LIMITS, number>
