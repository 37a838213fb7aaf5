// Checks of search identifiers: their fields, their values, and the traps of writing them.
import { MAKES_NO_TEXT } from '../modifiers/comparing-modifiers.ts'
import type { Path } from '../parse/rule-document.ts'
import type { Detection, DetectionItem } from '../rule.ts'
import { checkField } from './fields.ts'
import { checkModifiers } from './modifiers.ts'
import { checkRepeats } from './repeats.ts'
import { checkRuns } from './runs.ts'
import { itemsOf, type Subject, valuePath } from './subject.ts'
import type { Taxonomy } from './taxonomy.ts'
import { checkTexts } from './texts.ts'
import { checkWildcards } from './wildcards.ts'

export function checkDetections(
  subject: Subject,
  detections: ReadonlyMap<string, Detection>,
  taxonomy: Taxonomy,
): void {
  const { rule } = subject
  const fields = rule.kind === 'correlation' ? undefined : taxonomy.fieldsOf(rule.logSource)
  for (const { item, path } of itemsOf(detections)) {
    if (fields) checkField(subject, item, path, fields)
    checkModifiers(subject, item, path)
    checkRuns(subject, item, path)
    checkNull(subject, item, path)
    checkNumbers(subject, item, path)
    checkRepeats(subject, item, path)
    const isText = !item.modifiers.some((one) => MAKES_NO_TEXT.includes(one))
    checkTexts(subject, item, path, isText)
    if (isText) checkWildcards(subject, item, path)
  }
}

function checkNull(subject: Subject, item: DetectionItem, path: Path): void {
  if (item.values.length < 2) return
  const at = item.values.indexOf(null)
  if (at >= 0)
    subject.report(
      'null-in-list',
      [...path, at],
      'null shares no type with other values: give it a search identifier of its own',
    )
}

/** A number is compared as the text of its value: 0x1F as 31, 007 as 7, 1.10 as 1.1. */
function checkNumbers(subject: Subject, item: DetectionItem, path: Path): void {
  item.values.forEach((value, at) => {
    if (typeof value === 'string') checkQuoted(subject, item, value, valuePath(path, item, subject.raw, at))
    if (typeof value !== 'number') return
    const where = valuePath(path, item, subject.raw, at)
    const span = subject.span(where, 'value')
    if (!span) return
    const written = subject.text.slice(span.start, span.end).trim()
    if (written === String(value) || /^[&*!]/.test(written)) return
    subject.report(
      'number-form',
      where,
      `${written} is the number ${value}, and is compared as ${value}; in quotes it is compared as it stands`,
    )
  })
}

/** Fields that are numbers wherever fields have types. */
const NUMBERS = /^EventID$|LogonType$|Port$|ProcessId$/

/** Compared alike here; where fields have types, text is no number. */
function checkQuoted(subject: Subject, item: DetectionItem, value: string, path: Path): void {
  if (!NUMBERS.test(item.field ?? '') || item.modifiers.length || !/^(?:0|[1-9]\d{0,14})$/.test(value)) return
  subject.report(
    'number-text',
    path,
    `'${value}' is text: without quotes it is a number for engines that have types, too`,
  )
}
