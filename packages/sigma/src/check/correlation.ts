// Checks of correlations and filters that loading does not make.
import type { ResolveRule } from '../correlation/resolve.ts'
import { meantHint, nearName } from '../near-name.ts'
import { isMapping } from '../parse/rule-document.ts'
import type { Condition, CorrelationRule, FilterRule } from '../rule.ts'
import { replacing, type Subject } from './subject.ts'
import type { Taxonomy } from './taxonomy.ts'

const KEYS: readonly string[] = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate']

export function checkCorrelation(subject: Subject, rule: CorrelationRule): void {
  checkKeys(subject)
  checkBounds(subject, rule)
  const asked = new Set([...rule.groupBy, ...(rule.condition.field ?? [])])
  if (!rule.groupBy.length && rule.type !== 'event_count')
    subject.report('group-missing', ['correlation'], 'without group-by, events of all hosts and users count together')
  if (rule.type.startsWith('temporal') && new Set(rule.rules).size === 1)
    subject.report('temporal-single', ['correlation', 'rules'], `${rule.type} is about several rules, and there is one`)
  for (const [alias, fields] of rule.aliases) {
    const path = ['correlation', 'aliases', alias]
    if (!asked.has(alias))
      subject.report('alias-unused', path, `neither group-by nor the condition uses the alias "${alias}"`)
    for (const name of fields.keys())
      if (!rule.rules.includes(name) && !rule.rules.includes(name.toLowerCase()))
        subject.report('alias-rule', [...path, name], `"${name}" is not among the rules of the correlation`)
    const left = rule.rules.find((name) => !fields.has(name))
    if (asked.has(alias) && left !== undefined)
      subject.report(
        'alias-partial',
        path,
        `the alias says nothing for "${left}": there, a field "${alias}" is looked for`,
      )
  }
}

/** What is not known within a correlation is not looked at: `group_by` would count over all hosts. */
function checkKeys(subject: Subject): void {
  const { correlation } = subject.raw
  if (!isMapping(correlation)) return
  for (const key of Object.keys(correlation)) {
    if (KEYS.includes(key)) continue
    const path = ['correlation', key]
    const meant = nearName(key, KEYS)
    const fix =
      meant === undefined || meant in correlation
        ? undefined
        : replacing(subject, path, 'key', `write "${meant}"`, () => meant)
    const hint = meant === undefined ? `: it has ${KEYS.join(', ')}` : `: "${meant}" was meant?`
    subject.report('key-typo', path, `"${key}" is no part of a correlation${hint}`, fix)
  }
}

/** Bounds that nothing lies within: counts are whole numbers, of events and rules from 1, and no more rules can be seen than there are. */
function checkBounds(subject: Subject, { type, condition: { bounds }, rules }: CorrelationRule): void {
  const isTemporal = type.startsWith('temporal')
  if (!isTemporal && type !== 'event_count' && type !== 'value_count') return
  // Of an event without the field, no value is counted.
  let [least, most] = [type === 'value_count' ? 0 : 1, isTemporal ? new Set(rules).size : Number.POSITIVE_INFINITY]
  for (const { operator, value } of bounds) {
    if (operator === 'eq') [least, most] = [Math.max(least, value), Math.min(most, value)]
    else if (operator === 'gte') least = Math.max(least, Math.ceil(value))
    else if (operator === 'gt') least = Math.max(least, Math.floor(value) + 1)
    else if (operator === 'lte') most = Math.min(most, Math.floor(value))
    else if (operator === 'lt') most = Math.min(most, Math.ceil(value) - 1)
  }
  if (least > most)
    subject.report(
      'always-false',
      ['correlation', 'condition'],
      isTemporal && most === new Set(rules).size
        ? `${type} counts rules, and there are ${most}`
        : 'no count is within these bounds',
    )
}

/** Fields to group by, or to look at, that the rules' events do not have. `find`: a rule by id or name. */
export function checkGroupFields(subject: Subject, rule: CorrelationRule, find: ResolveRule, taxonomy: Taxonomy): void {
  const asked = [
    ...rule.groupBy.map((name, at) => ({ name, path: ['correlation', 'group-by', at] })),
    ...(rule.condition.field ?? []).map((name) => ({ name, path: ['correlation', 'condition', 'field'] })),
  ]
  for (const { name, path } of asked) {
    if (rule.aliases.has(name)) continue
    for (const reference of rule.rules) {
      const found = find(reference)
      const fields = found?.kind === 'rule' ? taxonomy.fieldsOf(found.logSource) : undefined
      if (!fields || fields.has(name)) continue
      const hint = meantHint(name, fields) || ' (only what an agent or a pipeline adds would)'
      subject.report('field-unknown', path, `events of the rule "${reference}" have no field "${name}"${hint}`)
      break
    }
  }
}

export function checkFilter(subject: Subject, rule: FilterRule): void {
  if (!isNegative(rule.condition))
    subject.report(
      'filter-keeps',
      ['filter', 'condition'],
      'the filter’s condition is joined to the rules’ by "and": without "not" only what the filter names is still found',
    )
}

const isNegative = (condition: Condition): boolean =>
  condition.kind === 'not' ||
  ((condition.kind === 'and' || condition.kind === 'or') && condition.parts.some(isNegative))
