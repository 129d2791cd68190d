/** Whether a message's value is an object with keys: messages come from anywhere, so each shape is checked. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
