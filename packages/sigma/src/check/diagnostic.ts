// What a check finds: plain data for tables, JSON and SARIF, and for changing the text.
import type { SigmaError } from '../errors.ts'
import type { Location, Rule } from '../rule.ts'
import { CHECKS, type CheckCode, type Severity } from './codes.ts'

/** A change of a file's text: the characters from `start` up to `end` become `text`. */
export interface Fix {
  /** what it does, for people */
  readonly title: string
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface Diagnostic extends Location {
  readonly code: CheckCode
  readonly severity: Severity
  readonly message: string
  /** id or title of the rule; undefined when the document is none */
  readonly rule?: string
  /** only where the rule means the same afterwards, or what it plainly was to mean */
  readonly fix?: Fix
}

/** What the loading and compiling of a rule said. */
export function fromError({ code, message, location }: SigmaError, rule?: Rule): Diagnostic {
  return { code, severity: CHECKS[code].severity, message, ...location, ...(rule && { rule: rule.id ?? rule.title }) }
}

/** The text with the fixes of its diagnostics made. Of fixes that overlap, the first one is. */
export function applyFixes(text: string, diagnostics: readonly Diagnostic[]): { text: string; applied: number } {
  const fixes = diagnostics.flatMap(({ fix }) => (fix ? [fix] : [])).sort((a, b) => a.start - b.start || a.end - b.end)
  let fixed = ''
  let from = 0
  let applied = 0
  for (const fix of fixes) {
    if (fix.start < from || fix.end > text.length) continue
    fixed += text.slice(from, fix.start) + fix.text
    from = fix.end
    applied++
  }
  return { text: fixed + text.slice(from), applied }
}
