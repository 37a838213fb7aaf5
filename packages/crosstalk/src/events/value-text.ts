// A field's value as text, as Sigma compares it.
import type { FieldValue } from '@crosstalk/sigma/match'

/** undefined where the field is absent or null; lists and objects as JSON */
export function valueText(value: FieldValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
