// The stage of `scan`: rule matches.
import { createMatcher, type RuleSet } from '@crosstalk/sigma/match'
import { askedValues } from './asked-values.ts'
import { BATCH_ITEMS, type MakeTaker } from './event-taker.ts'
import type { RuleMatch } from './stage.ts'

export function matchTakers(ruleSet: RuleSet | undefined): MakeTaker {
  const matcher = ruleSet && createMatcher(ruleSet)
  return (input, emit) => {
    let matches: RuleMatch[] = []
    return {
      take(event) {
        matcher?.match(event, ({ asks }, rule) => {
          const { channel, eventId } = event.shape
          matches.push({
            rule,
            recordId: event.recordId,
            time: event.time,
            channel,
            eventId,
            computer: event.host,
            matched: matcher.matchedFields(event, rule),
            ...(asks && { asked: askedValues(event, asks) }),
          })
        })
      },
      isFull: () => matches.length >= BATCH_ITEMS,
      flush() {
        if (matches.length) emit({ input, matches })
        matches = []
      },
    }
  }
}
