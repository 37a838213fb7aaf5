// Rows of values: what a match hands on, of the events behind it, to correlations over its own.
import { type Texts, weightOfTexts } from './group-keys.ts'

/** Values of fields, one after another. */
export type Row = readonly Texts[]

/** Different rows that one match hands on, and one event keeps. */
export const MAX_ROWS = 1000

/** What rows cost, in events' worth of memory: the first of them nothing where it is short. */
export function weightOfRows(rows: readonly Row[]): number {
  let characters = 0
  for (const row of rows) for (const texts of row) for (const text of texts) characters += text.length
  return Math.max(0, rows.length - 1) + weightOfTexts(characters)
}
