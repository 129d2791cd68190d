import { monotonicFactory } from 'ulid'

const next = monotonicFactory()

/** A ULID: sortable by time of creation, unique without asking anyone (specification: github.com/ulid/spec). */
export const newId = (): string => next()
