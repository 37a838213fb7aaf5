// rules check: everything that can be said of rules without an event. Data only; tables, JSON and SARIF are made of it elsewhere.
import { SigmaError } from '../errors.ts'
import { parseRules, readRuleFile, ruleFiles, unreadableReason } from '../load/load.ts'
import type { Rule } from '../rule.ts'
import { checkTags } from './attack-tags.ts'
import { checkConditions } from './condition.ts'
import { checkCorrelation, checkFilter } from './correlation.ts'
import { checkDetections } from './detection.ts'
import { type Diagnostic, fromError } from './diagnostic.ts'
import { withoutIgnored } from './ignored.ts'
import { checkEventIds, checkLogSource } from './log-source.ts'
import { checkMetadata } from './metadata.ts'
import type { CheckOptions } from './options.ts'
import { type SchemaCheck, schemaCheck } from './schema.ts'
import { makeSubject, type Subject } from './subject.ts'
import { sigmaTaxonomy, type Taxonomy } from './taxonomy.ts'
import { checkTogether, isMadeOf } from './together.ts'

export type { CheckOptions } from './options.ts'

export interface RuleText {
  file: string
  text: string
  /** false: it was made of bytes that are not all UTF-8 */
  isUtf8?: boolean
}

export interface CheckResult {
  /** by file, line and column */
  diagnostics: Diagnostic[]
  files: number
  rules: number
  /** what rules say to ignore, in comments */
  ignored: number
}

/** Checks everything below the paths. Throws TypeError when a schema is none. */
export function checkPaths(paths: readonly string[], options: CheckOptions = {}): CheckResult {
  const refused: SigmaError[] = []
  const texts = ruleFiles(paths, refused).flatMap((file): RuleText[] => {
    try {
      return [{ file, ...readRuleFile(file) }]
    } catch (error) {
      refused.push(new SigmaError('unreadable', unreadableReason(error), { file, line: 1, column: 1 }))
      return []
    }
  })
  const result = checkRules(texts, options)
  result.diagnostics = sorted([...refused.map((error) => fromError(error)), ...result.diagnostics])
  return result
}

/** Checks rules as texts, all of them together: ids, names and references go across files. */
export function checkRules(texts: readonly RuleText[], options: CheckOptions = {}): CheckResult {
  const diagnostics: Diagnostic[] = []
  const onDiagnostic = (diagnostic: Diagnostic) => {
    diagnostics.push(diagnostic)
  }
  const checks: EachCheck = {
    options,
    taxonomy: options.taxonomy ?? sigmaTaxonomy(),
    schema: options.schemas && schemaCheck(options.schemas),
  }
  const all: Rule[] = []
  const subjects = new Map<Rule, Subject>()
  for (const { file, text, isUtf8 } of texts) {
    const { rules, refused, reported } = parseRules(text, file, isUtf8)
    for (const error of [...refused, ...reported]) onDiagnostic(fromError(error))
    for (const rule of rules) {
      const subject = makeSubject(rule, text, onDiagnostic)
      subjects.set(rule, subject)
      all.push(rule)
      // A correlation that was made of a rule of Sigma 1 bears the rule's metadata.
      if (!rule.id?.endsWith('#events')) checkOne(subject, checks)
    }
  }
  checkTogether(all, subjects, options, onDiagnostic)
  const byFile = Map.groupBy(withoutTwins(diagnostics), ({ file }) => file)
  const kept = texts.flatMap(({ file, text }) => withoutIgnored(text, byFile.get(file) ?? []))
  return {
    diagnostics: sorted(kept),
    files: texts.length,
    rules: all.length,
    ignored: [...byFile.values()].reduce((sum, list) => sum + list.length, 0) - kept.length,
  }
}

/** Without what the JSON schema says of a place of which a check says it in words, and errors that the check of an item and compiling both find. */
function withoutTwins(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const placeOf = ({ file, line, column }: Diagnostic) => `${file}\u0000${line}:${column}`
  const told = new Set(diagnostics.filter(({ code }) => code !== 'schema').map(placeOf))
  const seen = new Set<string>()
  return diagnostics.filter((one) => {
    if (one.code === 'schema') return !told.has(placeOf(one))
    if (one.severity !== 'error') return true
    const key = `${placeOf(one)}\u0000${one.code}\u0000${one.message}`
    return !seen.has(key) && seen.add(key)
  })
}

interface EachCheck {
  options: CheckOptions
  taxonomy: Taxonomy
  schema: SchemaCheck | undefined
}

function checkOne(subject: Subject, { options, taxonomy, schema }: EachCheck): void {
  const { rule } = subject
  checkKinds(subject)
  checkMetadata(subject)
  checkTags(subject, options.attack)
  schema?.(subject)
  if (rule.kind === 'correlation') {
    checkCorrelation(subject, rule)
    return
  }
  checkLogSource(subject, rule.logSource, taxonomy)
  checkEventIds(subject, rule.logSource, rule.detections)
  checkDetections(subject, rule.detections, taxonomy)
  if (rule.kind === 'filter') {
    checkConditions(subject, 'filter', rule.detections, [rule.condition])
    checkFilter(subject, rule)
  } else checkConditions(subject, 'detection', rule.detections, rule.conditions)
}

/** Of a detection, a correlation and a filter in one document, one is read. */
function checkKinds({ rule, raw, report }: Subject): void {
  const own = rule.kind === 'rule' ? 'detection' : rule.kind
  for (const key of ['detection', 'correlation', 'filter'])
    if (key in raw && key !== own && !(own === 'correlation' && rule.kind === 'correlation' && isMadeOf(rule)))
      report('kind-mixed', [key], `this is read as a ${own}: write the ${key} as a rule of its own`)
}

const sorted = (diagnostics: Diagnostic[]): Diagnostic[] =>
  diagnostics.sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : 1),
  )
