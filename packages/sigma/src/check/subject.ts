// What a check looks at, and how it says what it found.
import { documentOf, locationIn, type Mapping, type Path, pathOf } from '../parse/rule-document.ts'
import type { Span } from '../parse/yaml.ts'
import type { Detection, DetectionItem, Rule } from '../rule.ts'
import { CHECKS, type CheckCode } from './codes.ts'
import type { Diagnostic, Fix } from './diagnostic.ts'

export interface Subject {
  readonly rule: Rule
  /** the document as it was written */
  readonly raw: Mapping
  /** the whole text of the file */
  readonly text: string
  report(code: CheckCode, path: Path, message: string, fix?: Fix | undefined): void
  /** where the key or the value at a path is written */
  span(path: Path, part: 'key' | 'value'): Span | undefined
}

/** More findings of one code in one rule are not reported: they say no more. */
const MAX_OF_A_CODE = 100

export function makeSubject(rule: Rule, text: string, onDiagnostic: (diagnostic: Diagnostic) => void): Subject {
  const document = documentOf(rule)
  const counts = new Map<CheckCode, number>()
  return {
    rule,
    raw: (document?.value ?? {}) as Mapping,
    text,
    report(code, path, message, fix) {
      const count = (counts.get(code) ?? 0) + 1
      counts.set(code, count)
      if (count > MAX_OF_A_CODE) return
      const { severity } = CHECKS[code]
      const { file, line, column } = locationIn(rule, path)
      onDiagnostic({
        code,
        severity,
        message: count < MAX_OF_A_CODE ? message : `${message} (and there are more of these, not told)`,
        file,
        line,
        column,
        rule: rule.id ?? rule.title,
        ...(fix && { fix }),
      })
    },
    span: (path, part) => document?.spans(path)?.[part],
  }
}

/** A fix that writes something else where a key or value stands; undefined when it can't be found. */
export function replacing(
  subject: Subject,
  path: Path,
  part: 'key' | 'value',
  title: string,
  change: (written: string) => string | undefined,
): Fix | undefined {
  const span = subject.span(path, part)
  if (!span) return undefined
  const written = subject.text.slice(span.start, span.end)
  const text = change(written)
  return text === undefined || text === written ? undefined : { title, ...span, text }
}

/** All detection items of a rule, with their search identifier and the path to them. */
export function* itemsOf(
  detections: ReadonlyMap<string, Detection>,
): Generator<{ name: string; item: DetectionItem; path: Path }> {
  for (const [name, detection] of detections)
    for (const item of within(detection)) yield { name, item, path: pathOf(item) ?? [] }
}

function* within(detection: Detection): Generator<DetectionItem> {
  if (detection.kind === 'item') yield detection.item
  else for (const part of detection.parts) yield* within(part)
}

/** The path of one of an item's values. */
export const valuePath = (path: Path, item: DetectionItem, raw: unknown, at: number): Path =>
  item.values.length > 1 || Array.isArray(lookUp(raw, path)) ? [...path, at] : path

export function lookUp(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined,
    raw,
  )
}
