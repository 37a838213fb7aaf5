// The stage of `hunt`: facts, rule matches among them.
import { createMatcher, type RuleSet } from '@crosstalk/sigma/match'
import { bindAll } from '../channels/index.ts'
import type { SourceShape } from '../events/event.ts'
import type { ReadFacts } from '../facts/extractor.ts'
import type { Fact } from '../facts/fact.ts'
import { askedValues } from './asked-values.ts'
import { bindRuleHit, type ReadRuleHit } from './rule-hit.ts'
import { BATCH_ITEMS, type MakeTaker } from './taker.ts'

/** Shapes whose readers are kept; hostile input may make more, which are bound anew. */
const MAX_SHAPES = 4096

interface ShapeReaders {
  facts: ReadFacts | undefined
  hit: ReadRuleHit
}

export function factTakers(ruleSet: RuleSet | undefined): MakeTaker {
  const matcher = ruleSet && createMatcher(ruleSet)
  const readers = new Map<SourceShape, ShapeReaders>()
  const readersOf = (shape: SourceShape): ShapeReaders => {
    let read = readers.get(shape)
    if (read === undefined) {
      if (readers.size >= MAX_SHAPES) readers.clear()
      readers.set(shape, (read = { facts: bindAll(shape), hit: bindRuleHit(shape) }))
    }
    return read
  }
  return (input, emit) => {
    let facts: Fact[] = []
    const keep = (fact: Fact) => {
      facts.push(fact)
    }
    return {
      take(event) {
        const read = readersOf(event.shape)
        read.facts?.(event, keep)
        matcher?.match(event, ({ id, asks }, index) => {
          const hit = read.hit(event, id, matcher.matchedFields(event, index))
          if (asks) hit.asked = askedValues(event, asks)
          keep(hit)
        })
      },
      isFull: () => facts.length >= BATCH_ITEMS,
      flush() {
        if (facts.length) emit({ input, facts })
        facts = []
      },
    }
  }
}
