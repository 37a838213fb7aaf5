// Checks of all rules together: ids, names, titles and detections that are there twice, references, what does not compile.
import { compileRules } from '../compile/rule-set.ts'
import { planCorrelations, ruleIndex } from '../correlation/resolve.ts'
import { SigmaError } from '../errors.ts'
import { brokenFilter, isFor, missingTargets } from '../filters/apply.ts'
import { applyPipelines } from '../pipeline/apply.ts'
import type { CorrelationRule, DetectionRule, FilterRule, Rule } from '../rule.ts'
import { checkGroupFields } from './correlation.ts'
import { type Diagnostic, fromError } from './diagnostic.ts'
import type { CheckOptions } from './options.ts'
import type { Subject } from './subject.ts'
import { sigmaTaxonomy } from './taxonomy.ts'

/** What only all rules together show. */
export function checkTogether(
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
export const isMadeOf = (rule: CorrelationRule): boolean => rule.rules.some((one) => one.endsWith('#events'))

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
