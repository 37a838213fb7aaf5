// The page that terminal reports are written on: lines of at most so many columns, folded under a hanging indent.
import { shortened } from '../visible-text.ts'
import { displayWidth, folded, padded } from './display-width.ts'
import { type Style, style } from './style.ts'

/** Narrower than this, nothing can be laid out; wider lines are no easier to read. */
const MIN_COLUMNS = 40
const MAX_COLUMNS = 120
/** A text of evidence can be of any length. */
const LONGEST = 4000

export interface Page {
  readonly style: Style
  readonly columns: number
  readonly lines: string[]
}

export function page(columns: number, color: boolean): Page {
  const width = Number.isFinite(columns) ? Math.floor(columns) : 80
  return { style: style(color), columns: Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, width)), lines: [] }
}

export function blank(page: Page): void {
  if (page.lines.length && page.lines.at(-1) !== '') page.lines.push('')
}

export interface Written {
  /** before the first line, already styled or plain; the lines below are indented by its width */
  lead?: string
  /** columns that `lead` takes; default: its own width, when it has no style */
  hang?: number
  /** before the lines below the first; default: blanks, `hang` of them */
  under?: string
  /** how the text is drawn, line by line */
  paint?: (line: string) => string
  /** about so many characters at most; how many are left out is said */
  longest?: number
}

/** Writes text that may come from evidence: made visible, folded, each line behind the hanging indent. */
export function write(
  page: Page,
  text: string,
  { lead = '', hang, under, paint, longest = LONGEST }: Written = {},
): void {
  const indent = hang ?? displayWidth(lead)
  const width = Math.max(16, page.columns - indent)
  folded(shortened(text, longest), width).forEach((line, at) => {
    const drawn = paint ? paint(line) : line
    page.lines.push((at ? (under ?? ' '.repeat(indent)) : lead) + drawn)
  })
}

/** `label   text`: a line of a list of facts. */
export function fact(page: Page, label: string, text: string, more: Written = {}): void {
  write(page, text, { ...more, lead: `  ${page.style.dim(padded(label, LABEL_WIDTH))}`, hang: 2 + LABEL_WIDTH })
}

const LABEL_WIDTH = 11

export function heading(page: Page, text: string): void {
  blank(page)
  page.lines.push(`  ${page.style.heading(text)}`)
}
