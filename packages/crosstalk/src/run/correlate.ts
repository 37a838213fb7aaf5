// Correlations over the rule matches of a run: files come in any order, so everything is gathered, and worked through in the order of time at the end.
import {
  type CompiledRule,
  type CorrelationMatch,
  type CorrelationRule,
  createCorrelator,
  type Rule,
  ruleKey,
} from '@crosstalk/sigma'
import type { RuleHit } from '../facts/fact.ts'
import type { StoredCorrelation } from './compile-rules.ts'
import type { RunRules } from './rules.ts'
import type { RuleMatch } from './stage.ts'

interface Taker<Ref> {
  take(rule: CompiledRule, values: Record<string, string>, time: number, key: string, ref: Ref): void
  /** Works through everything. What may have cost matches goes to the account of the rules. */
  finish(): void
}

function createTaker<Ref>(rules: RunRules, onMatch: (match: CorrelationMatch<Ref>, rule: number) => void): Taker<Ref> {
  const { set, correlations = [] } = rules
  const first = set?.rules.length ?? 0
  const runs = correlations.map(revived)
  const indexOf = new Map(runs.map((rule, at) => [ruleKey(rule), first + at]))
  const byKey = new Map<string, Rule>(runs.map((rule) => [ruleKey(rule), rule]))
  for (const rule of set?.rules ?? []) if (rule.asks) byKey.set(rule.id, rule as unknown as Rule)
  const correlator = createCorrelator<Ref>(runs, (key) => byKey.get(key), {
    lateness: Number.POSITIVE_INFINITY,
    onMatch(match) {
      const index = indexOf.get(ruleKey(match.rule))!
      if (!correlations[index - first].silent) onMatch(match, index)
    },
  })
  return {
    take(rule, values, time, key, ref) {
      correlator.push({ rule: rule.id, time, key, ref, field: (name) => values[name] })
    },
    finish() {
      correlator.finish()
      const { pushed: _, matches: __, duplicates: ___, ...losses } = correlator.account()
      for (const [what, count] of Object.entries(losses))
        if (count) rules.account.other[`correlated events ${LOSS_WORDS[what as keyof typeof losses]}`] = count
    },
  }
}

const LOSS_WORDS = {
  late: 'that came too late',
  untimed: 'without a time',
  hurried: 'worked through early, because too many waited',
  forgotten: 'forgotten early, because windows held too many',
  withoutGroup: 'without a field to group by',
  withoutValue: 'without the value that is measured',
  tooManyGroups: 'of too many groups, or with too many values to measure',
}

/** References become the keys of the rules that they mean. */
function revived({ rule, aliases, means }: StoredCorrelation): CorrelationRule {
  return {
    ...rule,
    rules: rule.rules.map((reference) => means[reference]),
    aliases: new Map(
      aliases.map(([alias, fields]) => [
        alias,
        new Map(fields.map(([reference, field]) => [means[reference] ?? reference, field])),
      ]),
    ),
  }
}

export interface MatchCorrelator {
  add(file: string, match: RuleMatch): void
  finish(): void
}

/** For `scan`: rule matches in; correlations' matches out, each as a match of the event that completed it. */
export function correlateMatches(rules: RunRules, onMatch: (file: string, match: RuleMatch) => void): MatchCorrelator {
  if (!rules.correlations?.length || !rules.set) return { add: () => {}, finish: () => {} }
  const compiled = rules.set.rules
  const taker = createTaker<{ file: string; match: RuleMatch }>(rules, (found, rule) => {
    const last = found.events.at(-1)?.ref
    if (!last) return
    onMatch(last.file, {
      ...last.match,
      rule,
      time: found.time,
      matched: matchedOf(found),
      events: found.events.map(({ rule: key, time, ref }) => ({
        rule: key,
        file: ref!.file,
        recordId: ref!.match.recordId,
        time,
      })),
    })
  })
  return {
    add(file, match) {
      if (!match.asked) return
      const { asked, ...rest } = match
      taker.take(compiled[match.rule], asked, match.time, keyOf(match, match.computer), { file, match: rest })
    },
    finish: taker.finish,
  }
}

export interface HitCorrelator {
  /** False: the hit is only seen by correlations. */
  add(hit: RuleHit): boolean
  finish(): void
}

/** For `hunt`: the same over facts. */
export function correlateHits(rules: RunRules, onHit: (hit: RuleHit) => void): HitCorrelator {
  if (!rules.correlations?.length || !rules.set) return { add: () => true, finish: () => {} }
  const byId = new Map(rules.set.rules.map((rule) => [rule.id, rule]))
  const taker = createTaker<RuleHit>(rules, (found, rule) => {
    const last = found.events.at(-1)?.ref
    if (last) onHit({ ...last, rule: rules.rules[rule].id, time: found.time, matched: matchedOf(found) })
  })
  return {
    add(hit) {
      const rule = byId.get(hit.rule)
      const { asked } = hit
      if (!rule || !asked) return true
      delete hit.asked
      taker.take(
        rule,
        asked,
        hit.time,
        keyOf({ channel: hit.channel, recordId: hit.evidence.recordId, time: hit.time }, hit.host),
        hit,
      )
      return !rule.silent
    },
    finish: taker.finish,
  }
}

/** The same record read twice, from two copies of a log, is one. */
const keyOf = ({ channel, recordId, time }: { channel: string; recordId: number; time: number }, host: string) =>
  `${host}\u0000${channel}\u0000${recordId}\u0000${time}`

const matchedOf = ({ rule, group, value, firstTime, eventCount }: CorrelationMatch<unknown>) => ({
  ...group,
  [rule.type]: String(value),
  events: String(eventCount),
  since: Number.isFinite(firstTime) ? new Date(firstTime / 1000).toISOString() : '',
})
