// Filters (Sigma filters specification): what to leave out of which rules.
import type { FilterRule } from '../rule.ts'
import { parseDetectionSection } from './detection.ts'
import { parseLogSource, parseMetadata } from './metadata.ts'
import { fail, isMapping, type Mapping, type RuleDocument } from './rule-document.ts'

export function parseFilter(document: RuleDocument): FilterRule {
  const section = document.value.filter
  if (!isMapping(section))
    return fail(
      document,
      ['filter'],
      'structure',
      'filter: a mapping with rules, search identifiers and a condition was expected',
    )
  const { detections, conditions } = parseDetectionSection(document, ['filter'])
  if (conditions.length !== 1) fail(document, ['filter', 'condition'], 'structure', 'a filter has one condition')
  return {
    kind: 'filter',
    ...parseMetadata(document),
    logSource: parseLogSource(document, ['logsource']),
    rules: parseTargets(document, section),
    detections,
    condition: conditions[0],
  }
}

function parseTargets(document: RuleDocument, section: Mapping): FilterRule['rules'] {
  const { rules } = section
  if (rules === undefined || rules === null)
    return fail(document, ['filter'], 'structure', 'rules is missing: "any", or ids and names of rules')
  if (typeof rules === 'string') return rules.toLowerCase() === 'any' ? 'any' : [rules]
  if (Array.isArray(rules) && rules.every((one) => typeof one === 'string')) return rules.length ? rules : 'any'
  return fail(document, ['filter', 'rules'], 'structure', 'rules: "any", or ids and names of rules, were expected')
}
