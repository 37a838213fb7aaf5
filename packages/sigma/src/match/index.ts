// What matching events needs, and nothing that reads rules: programs that start with compiled rules load no more than this.
export type { Atom, CompiledRule, RuleSet, Tree } from '../compile/rule-set.ts'
export * from '../event.ts'
export * from '../log-source.ts'
export { joinParts, splitParts } from '../store/parts.ts'
export { openRuleSet, storeRuleSet } from '../store/stored-set.ts'
export { createMatcher, type Matcher, type MatcherOptions } from './matcher.ts'
export { listFields, objectEvent } from './object-event.ts'
export { satisfies } from './plan.ts'
