// What a match is made of, gathered from a group's window from the newest event backwards.
import type { CorrelatedEvent, Evidence } from './correlated-event.ts'
import { joinTexts, keyOf } from './group-keys.ts'
import { MAX_ROWS, type Row } from './rows.ts'
import type { Windows } from './windows.ts'

/** What evidence costs, in events' worth of memory: one, and more for a long list of events behind another correlation's match. */
export const weightOf = (evidence: Evidence): number => (isList(evidence) ? 1 + (evidence.length >> 4) : 1)

/** The events behind the newest `many` of a group, at most `limit`, oldest first; each once. */
export function evidenceOf(windows: Windows, group: number, many: number, limit: number): CorrelatedEvent[] {
  const events: CorrelatedEvent[] = []
  const seen = new Set<CorrelatedEvent>()
  let event = windows.groups.last[group]
  for (let left = many; left > 0 && events.length < limit; left--) {
    const evidence = windows.evidence(event)
    const list = isList(evidence) ? evidence : [evidence]
    for (let at = list.length - 1; at >= 0 && events.length < limit; at--) {
      if (seen.has(list[at])) continue
      seen.add(list[at])
      events.push(list[at])
    }
    event = windows.previous(event)
  }
  return events.reverse()
}

/** The different values, among the newest `many` of a group, of the fields that correlations over this one ask for beyond group-by. */
export function rowsOf(windows: Windows, group: number, many: number): readonly Row[] {
  if (!windows.keepsFurther) return [[]]
  const rows = new Map<string, Row>()
  let event = windows.groups.last[group]
  for (let left = many; left > 0 && rows.size < MAX_ROWS; left--) {
    for (const row of windows.further(event)) {
      const key = joinTexts(row.map(keyOf))
      if (!rows.has(key) && rows.size < MAX_ROWS) rows.set(key, row)
    }
    event = windows.previous(event)
  }
  return [...rows.values()]
}

const isList = (evidence: Evidence): evidence is readonly CorrelatedEvent[] => Array.isArray(evidence)
