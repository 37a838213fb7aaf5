// Rule files → what run/rules.ts keeps: a compiled set, the correlations over it, and the account of what loaded and what did not. Plain data.
import { resolve, sep } from 'node:path'
import {
  applyFilters,
  type CorrelationRule,
  compileRules,
  createCorrelator,
  type DetectionRule,
  type LoadedRules,
  loadRules,
  type Rule,
  type RuleSet,
  ruleIndex,
  ruleKey,
  silencedRules,
} from '@crosstalk/sigma'
import { applyPipelines } from '@crosstalk/sigma/pipeline'
import type { Level } from '../cases/case.ts'
import type { RunAccount } from './account.ts'
import { readPipelines } from './pipelines.ts'

export interface CompiledRules {
  account: RunAccount['rules']
  set: RuleSet
  correlations: StoredCorrelation[]
}

/** A correlation as JSON. */
export interface StoredCorrelation {
  rule: Omit<CorrelationRule, 'aliases'>
  aliases: [string, [string, string][]][]
  /** reference → key of the rule that it means */
  means: Record<string, string>
  /** it gives no matches: it is below the level asked for, or a correlation without `generate` is built on it */
  silent: boolean
}

const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical']

/**
 * Everything below the paths. Rules below `minLevel` run only as far as correlations are built on them, and are counted. Pipelines change all rules but those
 * below `asWritten`.
 */
export function compileAll(
  paths: readonly string[],
  minLevel: Level | undefined,
  pipelines: readonly string[] = [],
  asWritten: readonly string[] = [],
): CompiledRules {
  const loaded = loadRules(paths)
  const least = minLevel ? LEVELS.indexOf(minLevel) : 0
  const isWanted = ({ level }: Rule) => LEVELS.indexOf(level ?? 'informational') >= least
  const needed = neededFor(loaded, isWanted)
  const filtered = applyFilters(
    loaded.rules.filter((rule) => isWanted(rule) || needed.named.has(rule)),
    loaded.filters,
  )
  const { applied } = filtered
  // As in pySigma: filters are part of a rule before pipelines change it.
  const { rules, correlations, refused: unfit } = pipe(filtered.rules, needed.correlations, pipelines, asWritten)
  const { ruleSet, refused } = compileRules(rules)
  const isCompiled = new Set(ruleSet.rules.map(({ id }) => id))
  const find = ruleIndex([...rules.filter((rule) => isCompiled.has(ruleKey(rule))), ...correlations])
  const correlator = createCorrelator(correlations, find, { onMatch: () => {} })
  const silenced = silencedRules(correlator.correlations, find)
  const below = new Set(rules.filter((rule) => !isWanted(rule)).map(ruleKey))
  const other: Record<string, number> = {}
  const left = [...loaded.rules, ...loaded.correlations].filter((rule) => !isWanted(rule)).length
  if (left) other['below the level asked for'] = left
  if (silenced.size) other['seen by correlations only'] = silenced.size
  if (loaded.filters.length) other['filters, part of the rules they are for'] = applied.filter((count) => count).length
  const idle = applied.filter((count) => !count).length
  if (idle) other['filters for none of the rules'] = idle
  return {
    account: {
      loaded: ruleSet.rules.length + correlator.correlations.length,
      refused: [...loaded.refused, ...unfit, ...refused, ...correlator.refused].map(({ location, message }) => ({
        ...location,
        reason: message,
      })),
      other,
    },
    set: {
      ...ruleSet,
      rules: ruleSet.rules.map((rule) => {
        const asks = correlator.fieldsOf(rule.id)
        const isSilent = below.has(rule.id) || silenced.has(rule.id)
        return { ...rule, ...(asks && { asks }), ...(isSilent && { silent: true as const }) }
      }),
    },
    correlations: correlator.correlations.map(({ aliases, ...rule }) => ({
      rule,
      aliases: [...aliases].map(([alias, fields]) => [alias, [...fields]]),
      means: Object.fromEntries(rule.rules.map((reference) => [reference, ruleKey(find(reference)!)])),
      silent: !isWanted({ ...rule, aliases }) || silenced.has(ruleKey(rule)),
    })),
  }
}

/** The rules as the pipelines make them, those below `asWritten` as they are. */
function pipe(
  rules: readonly DetectionRule[],
  correlations: readonly CorrelationRule[],
  pipelines: readonly string[],
  asWritten: readonly string[],
) {
  if (!pipelines.length) return { rules, correlations, refused: [] }
  const folders = asWritten.map((path) => resolve(path) + sep)
  const stays = ({ source }: Rule) => folders.some((folder) => resolve(source.file).startsWith(folder))
  const changes = (rule: Rule) => !stays(rule)
  const piped = applyPipelines(rules.filter(changes), correlations.filter(changes), readPipelines(pipelines))
  return {
    ...piped,
    rules: [...rules.filter(stays), ...piped.rules],
    correlations: [...correlations.filter(stays), ...piped.correlations],
  }
}

/** The correlations that are wanted, with those that they are built on, and the rules that all of them name. */
function neededFor(loaded: LoadedRules, isWanted: (rule: Rule) => boolean) {
  const find = ruleIndex([...loaded.rules, ...loaded.correlations])
  const needed = new Set<Rule>()
  // Each stands behind those that it is built on.
  for (const rule of loaded.correlations.toReversed()) {
    if (!isWanted(rule) && !needed.has(rule)) continue
    needed.add(rule)
    for (const reference of rule.rules) {
      const found = find(reference)
      if (found) needed.add(found)
    }
  }
  return { correlations: loaded.correlations.filter((rule) => needed.has(rule)), named: needed }
}
