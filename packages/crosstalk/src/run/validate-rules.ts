// Rules over attacks and over benign telemetry: what each finds in both, and what it costs. Nothing is estimated: what was not measured is undefined.
import type { LogSource } from '@crosstalk/sigma'
import { createMatcher, type EventView, type RuleSet, satisfies, ValueKind } from '@crosstalk/sigma/match'
import type { SourceEvent } from '../events/event.ts'
import type { RuleHead } from './rules.ts'
import type { KindCount, RuleMatch } from './stage.ts'

export interface RuleMeasures {
  rule: RuleHead
  attackHits: number
  benignHits: number
  /** benign events of the rule's log source: without any, it was never tried on benign telemetry */
  benignEvents: number
  /** attack hits / all hits; undefined without a hit */
  precision: number | undefined
  /** attack inputs labelled with the rule or one of its techniques, and those of them in which it hit */
  labelled: number
  found: number
  /** found / labelled; undefined without labels */
  recall: number | undefined
  /** benign hits / host-days; undefined without benign telemetry */
  falsePositivesPerHostDay: number | undefined
}

/** What an attack input is labelled with: technique ids and rule ids, in lower case. */
export type LabelsOf = (input: string) => ReadonlySet<string>

/** Technique ids that a path names (`…/T1053.005/…`, `psexec_t1569.002.evtx`). A sub-technique is its technique too. */
export function labelsInPath(path: string): Set<string> {
  const labels = new Set<string>()
  for (const [id] of path.toLowerCase().matchAll(/(?<![a-z0-9])t\d{4}(?:\.\d{3})?(?![0-9])/g)) {
    labels.add(id)
    labels.add(id.slice(0, 5))
  }
  return labels
}

export interface Validation {
  addMatch(side: 'attack' | 'benign', input: string, match: RuleMatch): void
  /** every input of the attack side, whether anything was found in it or not */
  addAttackInput(input: string): void
  addBenignKind(kind: KindCount): void
  readonly hostDays: number
  measures(): RuleMeasures[]
}

/** Further days of one host are not told apart: a wrong clock must not cost memory. */
const MAX_HOST_DAYS = 1_000_000

export function createValidation(rules: readonly RuleHead[], labelsOf: LabelsOf): Validation {
  const hits = { attack: new Float64Array(rules.length), benign: new Float64Array(rules.length) }
  const inputsOf = rules.map(() => new Set<string>())
  const inputs = new Map<string, ReadonlySet<string>>()
  const hostDays = new Set<string>()
  /** by what events may be asked for as: events, and those log sources */
  const benign = new Map<string, { logSources: readonly LogSource[]; count: number }>()
  return {
    addMatch(side, input, { rule }) {
      hits[side][rule]++
      if (side === 'attack') inputsOf[rule].add(input)
    },
    addAttackInput(input) {
      if (!inputs.has(input)) inputs.set(input, labelsOf(input))
    },
    addBenignKind({ host, days, logSources, count }) {
      const key = JSON.stringify(logSources)
      const known = benign.get(key)
      if (known) known.count += count
      else benign.set(key, { logSources, count })
      for (const day of days) {
        if (hostDays.size >= MAX_HOST_DAYS) return
        hostDays.add(`${host.toLowerCase()}\u0000${day}`)
      }
    },
    get hostDays() {
      return hostDays.size
    },
    measures() {
      return rules.map((rule, index): RuleMeasures => {
        const [attackHits, benignHits] = [hits.attack[index], hits.benign[index]]
        const own = ownLabels(rule)
        const isOwn = (one: LogSource) => satisfies(one, rule.logSource)
        const benignEvents = [...benign.values()].reduce(
          (sum, { logSources, count }) => sum + (logSources.some(isOwn) ? count : 0),
          0,
        )
        const labelled = [...inputs].filter(([, labels]) => own.some((one) => labels.has(one)))
        const found = labelled.filter(([input]) => inputsOf[index].has(input)).length
        return {
          rule,
          attackHits,
          benignHits,
          benignEvents,
          precision: attackHits + benignHits ? attackHits / (attackHits + benignHits) : undefined,
          labelled: labelled.length,
          found,
          recall: labelled.length ? found / labelled.length : undefined,
          falsePositivesPerHostDay: hostDays.size ? benignHits / hostDays.size : undefined,
        }
      })
    },
  }
}

/** The rule itself, and the techniques that it is tagged with. */
const ownLabels = ({ id, tags }: RuleHead): string[] => [
  id.toLowerCase(),
  ...tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag.toLowerCase())?.[1] ?? []),
]

/** A copy of an event that outlives the cursor; its values are decoded. */
export function keptEvent(event: SourceEvent): EventView {
  const values = event.shape.fields.map((_, slot) => event.value(slot))
  return {
    shape: event.shape,
    bytes: new Uint8Array(0),
    kinds: Uint8Array.from(values, (value) =>
      value === undefined ? ValueKind.Absent : value === null ? ValueKind.Null : ValueKind.Other,
    ),
    starts: new Int32Array(values.length),
    ends: new Int32Array(values.length),
    value: (slot) => values[slot],
  }
}

/** CPU time of each of the wanted rules alone: nanoseconds an event, by rule id. The first pass makes plans, and is not counted. */
export function measureCost(
  { atoms, rules }: RuleSet,
  wanted: ReadonlySet<string>,
  events: readonly EventView[],
): Map<string, number> {
  const cost = new Map<string, number>()
  if (!events.length) return cost
  for (const rule of rules) {
    if (!wanted.has(rule.id)) continue
    const matcher = createMatcher({ atoms, rules: [rule] })
    for (const event of events) matcher.match(event, () => {})
    const begun = process.cpuUsage()
    for (const event of events) matcher.match(event, () => {})
    const { user, system } = process.cpuUsage(begun)
    cost.set(rule.id, ((user + system) * 1000) / events.length)
  }
  return cost
}
