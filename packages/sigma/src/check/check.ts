// rules check: everything that can be said of rules without an event. Data only; tables, JSON and SARIF are made of it elsewhere.
import { compileRules } from '../compile/rule-set.ts'
import { planCorrelations, ruleIndex } from '../correlation/resolve.ts'
import { SigmaError } from '../errors.ts'
import { brokenFilter, isFor, missingTargets } from '../filters/apply.ts'
import { parseRules, readRuleFile, ruleFiles, unreadableReason } from '../load/load.ts'
import { applyPipelines } from '../pipeline/apply.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { CorrelationRule, DetectionRule, FilterRule, Rule } from '../rule.ts'
import { type AttackVocabulary, checkTags } from './attack-tags.ts'
import { CHECKS } from './codes.ts'
import { checkConditions } from './condition.ts'
import { checkCorrelation, checkFilter, checkGroupFields } from './correlation.ts'
import { checkDetections } from './detection.ts'
import type { Diagnostic } from './diagnostic.ts'
import { withoutIgnored } from './ignored.ts'
import { checkEventIds, checkLogSource } from './log-source.ts'
import { checkMetadata } from './metadata.ts'
import { type SchemaCheck, type Schemas, schemaCheck } from './schema.ts'
import { makeSubject, type Subject } from './subject.ts'
import { sigmaTaxonomy, type Taxonomy } from './taxonomy.ts'

export interface CheckOptions {
  /** ATT&CK, out of a STIX bundle: without it, tags are only checked for their form */
  attack?: AttackVocabulary
  schemas?: Schemas
  /** default: Sigma's own */
  taxonomy?: Taxonomy
  /** values of placeholders, for `expand` */
  placeholders?: ReadonlyMap<string, readonly string[]>
  /** the rules are looked at as they are written, and compiled as these make them */
  pipelines?: readonly Pipeline[]
}

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

/** What only all rules together show. */
function checkTogether(
  all: readonly Rule[],
  subjects: ReadonlyMap<Rule, Subject>,
  options: CheckOptions,
  onDiagnostic: (diagnostic: Diagnostic) => void,
): void {
  const kept = withoutDuplicates(all, subjects, onDiagnostic)
  const rules = kept.filter((rule): rule is DetectionRule => rule.kind === 'rule')
  const filters = kept.filter((rule): rule is FilterRule => rule.kind === 'filter')
  const find = ruleIndex(kept)
  const made = applyPipelines(
    rules,
    kept.filter((rule): rule is CorrelationRule => rule.kind === 'correlation'),
    options.pipelines ?? [],
  )
  const compiled = compileRules(made.rules, { placeholders: options.placeholders })
  const correlations = planCorrelations(made.correlations, ruleIndex([...made.rules, ...made.correlations, ...filters]))
  for (const error of [
    ...made.refused,
    ...compiled.refused,
    ...correlations.refused,
    ...filters.flatMap((filter) => brokenFilter(filter) ?? missingTargets(filter, find)),
  ])
    onDiagnostic(fromError(error))
  for (const rule of kept) {
    const subject = subjects.get(rule)
    if (rule.kind === 'correlation' && subject && !isMadeOf(rule))
      checkGroupFields(subject, rule, find, options.taxonomy ?? sigmaTaxonomy())
  }
  for (const filter of filters)
    if (!missingTargets(filter, find).length && !rules.some((rule) => isFor(filter, rule)))
      subjects
        .get(filter)
        ?.report('filter-idle', ['filter'], 'no rule is of the filter’s log source and among its rules')
  checkSameDetection(rules, compiled.ruleSet.rules, subjects)
}

function withoutDuplicates(
  all: readonly Rule[],
  subjects: ReadonlyMap<Rule, Subject>,
  onDiagnostic: (diagnostic: Diagnostic) => void,
): Rule[] {
  const byId = new Map<string, Rule>()
  const byName = new Map<string, Rule>()
  const byTitle = new Map<string, Rule>()
  return all.filter((rule) => {
    const { id, name } = rule
    const place = ({ title, source }: Rule) => `"${title}" (${source.file}:${source.line})`
    const sameName = name === undefined ? undefined : byName.get(name)
    if (sameName)
      subjects.get(rule)?.report('name-duplicate', ['name'], `the name "${name}" is that of ${place(sameName)} too`)
    else if (name !== undefined) byName.set(name, rule)
    const sameId = id === undefined ? undefined : byId.get(id)
    if (!sameId) {
      const title = `${rule.kind} ${rule.title.trim().toLowerCase()}`
      const sameTitle = byTitle.get(title)
      if (sameTitle)
        subjects.get(rule)?.report('title-duplicate', ['title'], `the title is that of ${place(sameTitle)} too`)
      else byTitle.set(title, rule)
      if (id !== undefined) byId.set(id, rule)
      return true
    }
    onDiagnostic(
      fromError(new SigmaError('duplicate', `the id ${id} is that of ${place(sameId)} too`, rule.source), rule),
    )
    return false
  })
}

/** A correlation that was made of a rule of Sigma 1. */
const isMadeOf = (rule: CorrelationRule): boolean => rule.rules.some((one) => one.endsWith('#events'))

/** Rules whose log source and compiled tree are the same. */
function checkSameDetection(
  rules: readonly DetectionRule[],
  compiled: readonly { id: string; logSource: object; tree: unknown; source: object }[],
  subjects: ReadonlyMap<Rule, Subject>,
): void {
  const bySource = new Map(rules.map((rule) => [rule.source as object, rule]))
  const seen = new Map<string, Rule>()
  for (const { logSource, tree, source } of compiled) {
    const rule = bySource.get(source)
    if (!rule) continue
    const key = JSON.stringify([logSource, tree])
    const other = seen.get(key)
    if (!other) seen.set(key, rule)
    else
      subjects
        .get(rule)
        ?.report(
          'detection-duplicate',
          ['detection'],
          `the same as in "${other.title}" (${other.source.file}:${other.source.line})`,
        )
  }
}

function fromError({ code, message, location }: SigmaError, rule?: Rule): Diagnostic {
  return { code, severity: CHECKS[code].severity, message, ...location, ...(rule && { rule: rule.id ?? rule.title }) }
}

const sorted = (diagnostics: Diagnostic[]): Diagnostic[] =>
  diagnostics.sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : 1),
  )
