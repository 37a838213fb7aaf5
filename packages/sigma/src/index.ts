export { type CompileOptions, compileRules } from './compile/rule-set.ts'
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
export { applyFilters } from './filters/apply.ts'
export { type LoadedRules, loadRules, parseRules, ruleFiles } from './load/load.ts'
export * from './match/index.ts'
export { fold } from './modifiers/folding.ts'
export * from './rule.ts'
