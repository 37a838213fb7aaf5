export {
  type Atom,
  type CompiledRule,
  type CompileOptions,
  compileRules,
  type RuleSet,
  type Tree,
} from './compile/rule-set.ts'
export { ConditionError, parseCondition } from './condition/parse.ts'
export type { CorrelatedEvent, CorrelationInput, CorrelationMatch } from './correlation/correlated-event.ts'
export {
  type Correlator,
  type CorrelatorAccount,
  type CorrelatorOptions,
  createCorrelator,
} from './correlation/correlator.ts'
export { type ResolveRule, ruleIndex, ruleKey, silencedRules } from './correlation/resolve.ts'
export { formatError, SigmaError, type SigmaErrorCode } from './errors.ts'
export * from './event.ts'
export { applyFilters } from './filters/apply.ts'
export { type LoadedRules, loadRules, parseRules, ruleFiles } from './load/load.ts'
export * from './log-source.ts'
export { createMatcher, type Matcher } from './match/matcher.ts'
export { objectEvent } from './match/object-event.ts'
export { satisfies } from './match/plan.ts'
export { fold } from './modifiers/folding.ts'
export * from './rule.ts'
