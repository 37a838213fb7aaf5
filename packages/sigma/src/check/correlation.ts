// Checks of correlations and filters that loading does not make.
import type { Condition, CorrelationRule, FilterRule } from '../rule.ts'
import type { Subject } from './subject.ts'

export function checkCorrelation(subject: Subject, rule: CorrelationRule): void {
  const asked = new Set([...rule.groupBy, ...(rule.condition.field ?? [])])
  if (!rule.groupBy.length && rule.type !== 'event_count')
    subject.report('group-missing', ['correlation'], 'without group-by, events of all hosts and users count together')
  if (rule.type.startsWith('temporal') && rule.rules.length === 1)
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
