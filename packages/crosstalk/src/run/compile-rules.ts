// Rule files → what run/rules.ts keeps: a compiled set and the account of what loaded and what did not.
import { compileRules, loadRules, type RuleSet } from '@crosstalk/sigma'
import type { Level } from '../cases/case.ts'
import type { RunAccount } from './account.ts'

export interface CompiledRules {
  account: RunAccount['rules']
  set: RuleSet
}

const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical']

/** Everything below the paths; rules below `minLevel` are left out, and counted. */
export function compileAll(paths: readonly string[], minLevel: Level | undefined): CompiledRules {
  const loaded = loadRules(paths)
  const least = minLevel ? LEVELS.indexOf(minLevel) : 0
  const wanted = loaded.rules.filter((rule) => LEVELS.indexOf(rule.level ?? 'informational') >= least)
  const { ruleSet, refused } = compileRules(wanted)
  const other: Record<string, number> = {}
  if (wanted.length < loaded.rules.length) other['below the level asked for'] = loaded.rules.length - wanted.length
  if (loaded.correlations.length) other['correlations, not run'] = loaded.correlations.length
  if (loaded.filters.length) other['filters, not applied'] = loaded.filters.length
  return {
    account: {
      loaded: ruleSet.rules.length,
      refused: [...loaded.refused, ...refused].map(({ location, message }) => ({ ...location, reason: message })),
      other,
    },
    set: ruleSet,
  }
}
