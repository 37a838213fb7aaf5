// The account alone: what `dump` and `scan` print, which judge nothing.
import type { RunSummary } from '../../run/account.ts'
import { writeAccount } from './account.ts'
import { page } from './lines.ts'

export interface TerminalOptions {
  /** of the terminal; 80 when nobody knows. Between 40 and 120 are used. */
  columns?: number
  color?: boolean
  /** cases told in full, the worst first; the others get a line each. Default 10. */
  stories?: number
  /** where everything stands of which only the first few are printed; default: in summary.json */
  all?: string
}

/** The account of a run that judged nothing (dump, scan), ending with a line feed. */
export function renderAccount(summary: RunSummary, { columns = 80, color = false, all }: TerminalOptions = {}): string {
  const sheet = page(columns, color)
  writeAccount(sheet, summary, all)
  return `${sheet.lines.join('\n')}\n`
}
