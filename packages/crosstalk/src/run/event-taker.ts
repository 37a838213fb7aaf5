// What each stage does with events.
import type { RuleSet } from '@crosstalk/sigma'
import type { Stage } from './stage.ts'
import type { MakeTaker } from './taker.ts'

/** Loads what the stage needs, and nothing else: that is most of the time of a run over little. */
export async function takersOf(stage: Stage, ruleSet: RuleSet | undefined): Promise<MakeTaker> {
  switch (stage.kind) {
    case 'dump':
      return (await import('./write-lines.ts')).lineTaker
    case 'coverage':
      return (await import('./count-kinds.ts')).countKinds
    case 'scan':
      return (await import('./match-rules.ts')).matchTakers(ruleSet, stage.matchesAs)
    case 'validate': {
      const { matchTakers } = await import('./match-rules.ts')
      return both(matchTakers(ruleSet), (await import('./count-kinds.ts')).countKinds)
    }
    case 'hunt':
      return (await import('./collect-facts.ts')).factTakers(ruleSet)
  }
}

/** Two stages over one reading. */
function both(one: MakeTaker, other: MakeTaker): MakeTaker {
  return (input, emit) => {
    const takers = [one(input, emit), other(input, emit)]
    return {
      take(event) {
        for (const taker of takers) taker.take(event)
      },
      isFull: () => takers.some((taker) => taker.isFull()),
      flush() {
        for (const taker of takers) taker.flush()
      },
    }
  }
}
