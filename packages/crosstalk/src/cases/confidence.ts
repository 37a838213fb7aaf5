// From reasons to a level. One indicator never gives a verdict: a level above low needs several kinds of support that do not depend on each other.
import type { Level, Reason } from './case.ts'

/** Support of one kind counts less each time it is given again: the best in full, the next half, and so on. */
const REPEAT = 0.5
/** How fast confidence saturates: support of this many points gives 63 of 100. */
const SCALE = 60

export interface Judgement {
  /** 0-99: certainty is not for software to claim */
  confidence: number
  level: Level
  /** kinds of support that speak for it */
  kinds: Reason['support'][]
}

/** What each level needs. Points come from `confidenceOf`. */
const LEVELS: readonly { level: Level; confidence: number; kinds: number }[] = [
  { level: 'critical', confidence: 88, kinds: 5 },
  { level: 'high', confidence: 68, kinds: 4 },
  { level: 'medium', confidence: 45, kinds: 2 },
  { level: 'low', confidence: 20, kinds: 1 },
]

export function judge(reasons: readonly Pick<Reason, 'support' | 'weight'>[]): Judgement {
  const byKind = new Map<Reason['support'], number[]>()
  let against = 0
  for (const { support, weight } of reasons) {
    if (weight < 0) against -= weight
    else if (weight > 0) byKind.set(support, [...(byKind.get(support) ?? []), weight])
  }
  let points = -against
  for (const weights of byKind.values()) {
    weights.sort((a, b) => b - a)
    weights.forEach((weight, at) => {
      points += weight * REPEAT ** at
    })
  }
  const confidence = points <= 0 ? 0 : Math.min(99, Math.round(100 * (1 - Math.exp(-points / SCALE))))
  const kinds = [...byKind.keys()]
  const found = LEVELS.find((one) => confidence >= one.confidence && kinds.length >= one.kinds)
  return { confidence, level: found?.level ?? 'informational', kinds }
}

export const LEVEL_ORDER: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical']
