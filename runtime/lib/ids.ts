import { isValid, monotonicFactory } from 'ulid'

const next = monotonicFactory()

/** A ULID: sortable by time of creation, unique without asking anyone (specification: github.com/ulid/spec). */
export const newId = (): string => next()

/** Whether it looks like one of these, and not like a name that somebody chose. */
export const isId = (text: string): boolean => isValid(text)
