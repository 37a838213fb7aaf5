// Which items of a rule can't run: compiling stops at the first, and an author wants to know of all.
import { applyModifiers, ModifierError, messageBehind } from '../modifiers/modifiers.ts'
import type { Path } from '../parse/rule-document.ts'
import { checkRegex, RegexError } from '../regex/linear.ts'
import type { DetectionItem } from '../rule.ts'
import type { Subject } from './subject.ts'

const NO_PLACEHOLDERS = { placeholders: new Map<string, readonly string[]>() }

export function checkRuns(subject: Subject, item: DetectionItem, path: Path): void {
  // Text without modifiers, as most is, can always be compared.
  if (item.field !== undefined && !item.modifiers.length) return
  try {
    const { tests } = applyModifiers(item.modifiers, item.values, item.field === undefined, NO_PLACEHOLDERS)
    for (const test of tests.flat()) if (test.kind === 'regex') checkRegex(test.source, test.flags)
  } catch (error) {
    if (error instanceof RegexError) subject.report('regex', path, messageBehind(item, error.message))
    // What has to do with placeholders and bounds is known only when the whole rule is compiled.
    else if (!(error instanceof ModifierError)) throw error
    else if (error.code === 'modifier' || error.code === 'value')
      subject.report(error.code, path, messageBehind(item, error.message))
  }
}
