// The stage of `scan`: rule matches.
import { createMatcher, type Matcher, type RuleSet } from '@crosstalk/sigma/match'
import type { SourceEvent } from '../events/event.ts'
import { askedValues } from './asked-values.ts'
import { GatheredLines } from './gathered-lines.ts'
import { type MatchLine, matchLine } from './match-lines.ts'
import type { Batch, InputName, MatchFormat, RuleMatch } from './stage.ts'
import { BATCH_ITEMS, type EventTaker, type MakeTaker } from './taker.ts'

export function matchTakers(ruleSet: RuleSet | undefined, format?: MatchFormat): MakeTaker {
  if (!ruleSet) return () => ({ take() {}, isFull: () => false, flush() {} })
  const matcher = createMatcher(ruleSet)
  if (format === undefined || format === 'table')
    return (input, emit) => matchTaker(matcher, format === undefined, input, emit)
  const line = matchLine(format, ruleSet.rules)
  return (input, emit) => lineTaker(matcher, line, input, emit)
}

/** Hands on the matches themselves; `valued`: with their values. */
function matchTaker(matcher: Matcher, valued: boolean, input: InputName, emit: (batch: Batch) => void): EventTaker {
  let matches: RuleMatch[] = []
  return {
    take(event) {
      matcher.match(event, ({ asks }, rule) => {
        const match = matchOf(event, rule, valued ? matcher.matchedFields(event, rule) : NO_VALUES)
        if (asks) match.asked = askedValues(event, asks)
        matches.push(match)
      })
    },
    isFull: () => matches.length >= BATCH_ITEMS,
    flush() {
      if (matches.length) emit({ input, matches })
      matches = []
    },
  }
}

const NO_VALUES = {}

/** Hands on what is to be printed of them: whoever takes that has nothing left to do but to write it. */
function lineTaker(matcher: Matcher, line: MatchLine, input: InputName, emit: (batch: Batch) => void): EventTaker {
  const lines = new GatheredLines()
  const counts = new Map<number, number>()
  return {
    take(event) {
      matcher.match(event, ({ silent }, rule) => {
        if (silent) return
        counts.set(rule, (counts.get(rule) ?? 0) + 1)
        lines.add(line(input.name, matchOf(event, rule, matcher.matchedFields(event, rule))))
      })
    },
    isFull: () => lines.isFull,
    flush() {
      const bytes = lines.take()
      if (bytes) emit({ input, lines: bytes, counts: [...counts] })
      counts.clear()
    },
  }
}

function matchOf(event: SourceEvent, rule: number, matched: Record<string, string>): RuleMatch {
  const { channel, eventId } = event.shape
  return { rule, recordId: event.recordId, time: event.time, channel, eventId, computer: event.host, matched }
}
