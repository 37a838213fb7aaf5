// References between rules: a correlation names others by id or name; what it names must be there, and it must not be built on itself.
import { SigmaError } from '../errors.ts'
import { locationIn } from '../parse/rule-document.ts'
import type { CorrelationRule, Rule } from '../rule.ts'
import { type Clause, ClauseError, clausesOf } from './clauses.ts'
import { need, type Producer } from './correlated-event.ts'
import type { NodePlan, Slot } from './node-plan.ts'

/** An ordered correlation over more rules than this is refused: what it must remember grows with the square. */
export const MAX_RULES = 64

/** What names a rule for correlations: its id, or its title when it has none. The same as `CompiledRule.id`. */
export const ruleKey = (rule: Pick<Rule, 'id' | 'title'>): string => rule.id ?? rule.title

/** Finds a rule by id or name. */
export type ResolveRule = (reference: string) => Rule | undefined

/** By id first, then by name. A name that two rules have finds neither. */
export function ruleIndex(rules: Iterable<Rule>): ResolveRule {
  const byId = new Map<string, Rule>()
  const byName = new Map<string, Rule | undefined>()
  for (const rule of rules) {
    if (rule.id !== undefined) byId.set(rule.id, rule)
    if (rule.name !== undefined) byName.set(rule.name, byName.has(rule.name) ? undefined : rule)
  }
  return (reference) => byId.get(reference.toLowerCase()) ?? byName.get(reference)
}

/**
 * Correlations whose references all lead somewhere, each behind those that it is built on; and what is wrong with the others.
 * A correlation over one that is refused is refused too.
 */
export function resolveCorrelations(
  correlations: readonly CorrelationRule[],
  resolveRule: ResolveRule,
): { ordered: CorrelationRule[]; refused: SigmaError[] } {
  const ordered: CorrelationRule[] = []
  const refused: SigmaError[] = []
  const known = new Set<Rule>(correlations)
  const state = new Map<CorrelationRule, 'open' | 'good' | 'bad'>()

  /** Children first, without recursion: a chain may be as long as the file. */
  const visit = (root: CorrelationRule) => {
    const stack: { rule: CorrelationRule; next: number; bad: boolean }[] = []
    const enter = (rule: CorrelationRule) => {
      state.set(rule, 'open')
      stack.push({ rule, next: 0, bad: false })
    }
    enter(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { rule } = top
      const at = top.next++
      if (at >= rule.rules.length) {
        stack.pop()
        state.set(rule, top.bad ? 'bad' : 'good')
        if (!top.bad) ordered.push(rule)
        continue
      }
      const problem = (message: string) => {
        top.bad = true
        refused.push(new SigmaError('reference', message, locationIn(rule, ['correlation', 'rules', at])))
      }
      const reference = rule.rules[at]
      const found = resolveRule(reference)
      if (!found || (found.kind === 'correlation' && !known.has(found)))
        problem(`there is no rule with the id or name "${reference}" (or several have the name, or it was refused)`)
      else if (found.kind === 'filter') problem(`"${reference}" is a filter: correlations are built on rules`)
      else if (found.kind === 'correlation') {
        const its = state.get(found)
        if (its === undefined) {
          top.next--
          enter(found)
        } else if (its === 'open') problem(`the correlation is built on itself, by "${reference}"`)
        else if (its === 'bad' && !top.bad) problem(`the correlation "${reference}" it is built on is refused`)
      }
    }
  }
  for (const rule of correlations) if (!state.has(rule)) visit(rule)
  return { ordered, refused }
}

/** Detection and correlation rules that give no matches of their own, since a correlation without `generate` is built on them (as in pySigma, one is enough). */
export function silencedRules(correlations: readonly CorrelationRule[], resolveRule: ResolveRule): Set<string> {
  const silenced = new Set<string>()
  for (const { generate, rules } of correlations) {
    if (generate) continue
    for (const reference of rules) {
      const rule = resolveRule(reference)
      if (rule) silenced.add(ruleKey(rule))
    }
  }
  return silenced
}

export interface PlannedCorrelations {
  /** each behind those that it is built on */
  plans: NodePlan[]
  /** detection rules that are referred to, by key */
  sources: Map<string, Producer>
  refused: SigmaError[]
}

/** Plans for all correlations that can run: which fields of which rule each looks at. */
export function planCorrelations(
  correlations: readonly CorrelationRule[],
  resolveRule: ResolveRule,
): PlannedCorrelations {
  const refused: SigmaError[] = []
  const clauses = new Map<CorrelationRule, readonly Clause[]>()
  const usable = correlations.filter((rule) => {
    try {
      checkSize(rule)
      if (rule.condition.expression) clauses.set(rule, clausesFor(rule))
      else if (isWholeOrder(rule)) clauses.set(rule, [{ present: rule.rules.map((_, slot) => slot), absent: [] }])
      return true
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error
      refused.push(error)
      return false
    }
  })
  const resolved = resolveCorrelations(usable, resolveRule)
  refused.push(...resolved.refused)
  const outputs = new Map<CorrelationRule, Producer>(
    resolved.ordered.map((rule) => [rule, { id: ruleKey(rule), needs: [] }]),
  )
  const sources = new Map<string, Producer>()
  const producerOf = (rule: Rule): Producer => {
    if (rule.kind === 'correlation') return outputs.get(rule)!
    const key = ruleKey(rule)
    let source = sources.get(key)
    if (!source) {
      source = { id: key, needs: [] }
      sources.set(key, source)
    }
    return source
  }
  // From the outermost inwards: what a correlation asks of its rules includes what is asked of itself.
  const plans = resolved.ordered
    .toReversed()
    .map((rule) => planOne(rule, outputs.get(rule)!, clauses.get(rule), resolveRule, producerOf))
    .toReversed()
  return { plans, sources, refused }
}

function planOne(
  rule: CorrelationRule,
  output: Producer,
  clauses: readonly Clause[] | undefined,
  resolveRule: ResolveRule,
  producerOf: (rule: Rule) => Producer,
): NodePlan {
  const further = output.needs.filter((field) => !rule.groupBy.includes(field))
  let countsOnce = rule.rules.length > 1
  const slots = rule.rules.map((reference): Slot => {
    const referred = resolveRule(reference)!
    if (referred.kind === 'correlation') countsOnce = true
    const producer = producerOf(referred)
    const place = (field: string) => need(producer, aliasOf(rule, field, reference, referred))
    return {
      producer,
      groupBy: rule.groupBy.map(place),
      values: rule.type.startsWith('value_') ? (rule.condition.field ?? []).map(place) : [],
      further: further.map(place),
    }
  })
  return {
    rule,
    output,
    slots,
    handsOn: output.needs.map((field) => {
      const at = rule.groupBy.indexOf(field)
      return at >= 0 ? at : -1 - further.indexOf(field)
    }),
    clauses,
    isOrdered: rule.type === 'temporal_ordered',
    countsOnce,
  }
}

/** The field that an alias means in the events of a rule; a field that is no alias is itself. */
function aliasOf(rule: CorrelationRule, field: string, reference: string, referred: Rule): string {
  const names = rule.aliases.get(field)
  if (!names) return field
  return (
    names.get(reference) ??
    (referred.name === undefined ? undefined : names.get(referred.name)) ??
    (referred.id === undefined ? undefined : names.get(referred.id)) ??
    field
  )
}

function checkSize(rule: CorrelationRule): void {
  if (rule.rules.length > MAX_RULES)
    throw new SigmaError(
      'limit',
      `${rule.rules.length} rules; a correlation is built on at most ${MAX_RULES}`,
      locationIn(rule, ['correlation', 'rules']),
    )
}

/** temporal_ordered over all of its rules: one run through all of them. */
function isWholeOrder({ type, rules, condition: { bounds } }: CorrelationRule): boolean {
  if (type !== 'temporal_ordered') return false
  return bounds.length === 1 && ['gte', 'eq'].includes(bounds[0].operator) && bounds[0].value === rules.length
}

function clausesFor(rule: CorrelationRule): readonly Clause[] {
  try {
    return clausesOf(rule.condition.expression!, (name) => {
      const at = rule.rules.findIndex((one) => one === name || one === name.toLowerCase())
      return at < 0 ? undefined : at
    })
  } catch (error) {
    if (!(error instanceof ClauseError)) throw error
    throw new SigmaError(error.code, error.message, locationIn(rule, ['correlation', 'condition']))
  }
}
