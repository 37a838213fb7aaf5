// A deliberately simple correlator: all events in a list, every window looked at from scratch. It shares nothing with the engine but the AST.
import type { Condition, CorrelationRule } from '../src/rule.ts'

export interface ReferenceEvent {
  rule: string
  /** microseconds */
  time: number
  key?: string
  fields: Readonly<Record<string, string | number | readonly string[] | null>>
}

export interface ReferenceMatch {
  rule: string
  time: number
  firstTime: number
  value: number
  group: Record<string, string>
  eventCount: number
}

interface Row {
  rule: string
  time: number
  key: string
  slot: number
  group: string[]
  event: ReferenceEvent
}

/** The events that a stream with this lateness takes, without those seen already. */
export function accepted(arriving: readonly ReferenceEvent[], lateness: number): ReferenceEvent[] {
  let newest = Number.NEGATIVE_INFINITY
  const seen = new Set<string>()
  return arriving.filter((event) => {
    if (event.time < newest - lateness) return false
    newest = Math.max(newest, event.time)
    const key = event.key === undefined ? undefined : `${event.rule}/${event.key}`
    if (key === undefined) return true
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Matches of correlations, of which each may be built on those before it. `events` in any order. */
export function correlateReference(
  correlations: readonly CorrelationRule[],
  events: readonly ReferenceEvent[],
): ReferenceMatch[] {
  const found: ReferenceMatch[] = []
  let all = [...events]
  for (const rule of correlations) {
    const { matches, hits } = one(rule, all)
    found.push(...matches)
    all = [...all, ...hits]
  }
  return found
}

const fieldOf = (rule: CorrelationRule, name: string, source: string) => rule.aliases.get(name)?.get(source) ?? name

const listOf = (value: unknown): string[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? [...new Set(value.map(String))] : [String(value)]

function one(
  rule: CorrelationRule,
  events: readonly ReferenceEvent[],
): { matches: ReferenceMatch[]; hits: ReferenceEvent[] } {
  const span = rule.timespan * 1000
  const rows: Row[] = []
  for (const [at, event] of events.entries()) {
    rule.rules.forEach((name, slot) => {
      if (name !== event.rule) return
      if (counted(rule, event) === undefined) return
      const lists = rule.groupBy.map((field) => listOf(event.fields[fieldOf(rule, field, event.rule)]))
      for (const group of product(lists))
        rows.push({ rule: name, time: event.time, key: event.key ?? `#${at}`, slot, group, event })
    })
  }
  const matches: ReferenceMatch[] = []
  const hits: ReferenceEvent[] = []
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = row.group.join('\u0000').toLowerCase()
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  for (const [name, members] of groups) {
    const times = [...new Set(members.map((row) => row.time))].sort((a, b) => a - b)
    let held = false
    let before = Number.NEGATIVE_INFINITY
    for (const time of times) {
      const window = members.filter((row) => row.time >= time - span && row.time <= time)
      const { holds, value } = judge(rule, window, members, time, span)
      if (before < time - span) held = false
      if (holds) {
        const firstTime = Math.min(...window.map((row) => row.time))
        // Names as the first event of a group's life wrote them differ only in case; compare them without.
        const group = Object.fromEntries(rule.groupBy.map((field, at) => [field, members[0].group[at].toLowerCase()]))
        if (!held)
          matches.push({ rule: rule.id ?? rule.title, time, firstTime, value, group, eventCount: window.length })
        hits.push({ rule: rule.name ?? '', time, key: `${rule.name}${time}${name}`, fields: group })
      }
      held = holds
      before = time
    }
  }
  return { matches, hits }
}

function product(lists: readonly string[][]): string[][] {
  return lists.reduce<string[][]>((rows, list) => rows.flatMap((row) => list.map((text) => [...row, text])), [[]])
}

/** The value measured; undefined: the event does not count. */
function counted(rule: CorrelationRule, event: ReferenceEvent): string | number | undefined {
  if (!rule.type.startsWith('value_')) return ''
  const lists = rule.condition.field!.map((field) => listOf(event.fields[fieldOf(rule, field, event.rule)]))
  if (lists.some((list) => list.length === 0)) return undefined
  const isText =
    rule.type === 'value_count' || (rule.type === 'value_percentile' && rule.condition.percentile === undefined)
  if (isText) return JSON.stringify(lists).toLowerCase()
  const number = lists[0][0].trim() === '' ? Number.NaN : Number(lists[0][0])
  return Number.isFinite(number) ? number : undefined
}

function judge(
  rule: CorrelationRule,
  window: readonly Row[],
  members: readonly Row[],
  time: number,
  span: number,
): { holds: boolean; value: number } {
  const { expression, bounds } = rule.condition
  if (expression) {
    const around = members.filter((row) => row.time >= time - span && row.time <= time + span)
    const present = (name: string) => window.some((row) => row.rule === name)
    const nearby = (name: string) => around.some((row) => row.rule === name)
    return { holds: truth(expression, false, present, nearby), value: new Set(window.map((row) => row.slot)).size }
  }
  const value = measure(rule, window, time)
  const holds = bounds.every(({ operator, value: bound }) =>
    operator === 'gte'
      ? value >= bound
      : operator === 'gt'
        ? value > bound
        : operator === 'lte'
          ? value <= bound
          : operator === 'lt'
            ? value < bound
            : operator === 'eq'
              ? value === bound
              : value !== bound,
  )
  return { holds, value }
}

function truth(
  node: Condition,
  negated: boolean,
  present: (name: string) => boolean,
  nearby: (name: string) => boolean,
): boolean {
  switch (node.kind) {
    case 'identifier':
      return negated ? !nearby(node.name) : present(node.name)
    case 'not':
      return truth(node.part, !negated, present, nearby)
    case 'of':
      throw new Error('of')
    default: {
      const parts = node.parts.map((part) => truth(part, negated, present, nearby))
      return (node.kind === 'and') !== negated ? parts.every(Boolean) : parts.some(Boolean)
    }
  }
}

function measure(rule: CorrelationRule, window: readonly Row[], time: number): number {
  const values = window.map((row) => counted(rule, row.event)!)
  const numbers = (values as number[]).toSorted((a, b) => a - b)
  switch (rule.type) {
    case 'event_count':
      return new Set(window.map((row) => row.key)).size
    case 'value_count':
      return new Set(values).size
    case 'temporal':
      return new Set(window.map((row) => row.slot)).size
    case 'temporal_ordered':
      return longestOrder(rule.rules.length, window)
    case 'value_sum':
      return numbers.reduce((sum, value) => sum + value, 0)
    case 'value_avg':
      return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
    case 'value_median':
      return percentile(numbers, 50)
    case 'value_percentile': {
      if (rule.condition.percentile !== undefined) return percentile(numbers, rule.condition.percentile)
      const newest = window.filter((row) => row.time === time).map((row) => counted(rule, row.event))
      const shares = newest.map((value) => (values.filter((one) => one === value).length * 100) / values.length)
      return Math.min(...shares)
    }
  }
}

function percentile(numbers: readonly number[], percent: number): number {
  const place = ((numbers.length - 1) * percent) / 100
  const low = numbers[Math.floor(place)]
  const high = numbers[Math.ceil(place)]
  return low + (high - low) * (place - Math.floor(place))
}

/** The most rules, in their order, of events whose times rise, or are the same when neither matches several rules: tried by brute force over all first events. */
function longestOrder(slots: number, window: readonly Row[]): number {
  const isAlone = (row: Row) =>
    new Set(window.filter((one) => one.key === row.key && one.time === row.time).map((one) => one.slot)).size === 1
  const follows = (before: Row | undefined, row: Row) =>
    !before || row.time > before.time || (row.time === before.time && isAlone(before) && isAlone(row))
  const longest = (before: Row | undefined, slot: number): number => {
    let best = 0
    for (let next = slot; next < slots; next++)
      for (const row of window)
        if (row.slot === next && follows(before, row)) best = Math.max(best, 1 + longest(row, next + 1))
    return best
  }
  return longest(undefined, 0)
}
