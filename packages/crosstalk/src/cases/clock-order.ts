// Where the order of events on two hosts of a case rests on their clocks, and those are known to be apart.
import type { Fact } from '../facts/fact.ts'
import { isHostAddress } from '../graph/address-claims.ts'
import type { Graph } from '../graph/graph.ts'
import { isNotable, NETWORK } from '../graph/skew.ts'
import { skewText } from './words.ts'

/**
 * A sentence for each pair of clocks that may have put events of the case the wrong way round. The times in the case stay as they were written.
 * `facts` have times.
 */
export function clockOrderAssumptions(
  facts: readonly Fact[],
  graph: Pick<Graph, 'skews' | 'hostNamed'>,
  describe: (fact: Fact) => string,
): string[] {
  const notable = graph.skews.filter(isNotable)
  if (!notable.length) return []
  const byClock = Map.groupBy(facts, (fact) => clockOf(fact, graph))
  for (const list of byClock.values()) list.sort((a, b) => a.time - b.time)
  return notable.flatMap((skew) => {
    const { host, other, ahead } = skew
    const turned = turnedFacts(byClock.get(other) ?? [], byClock.get(host) ?? [], ahead * 1e6)
    if (!turned) return []
    const { count, earlier, later } = turned
    const which = count === 1 ? 'one event' : `${count} events`
    return [
      `${skewText(skew)} Times are as they were written, and not corrected: ${which} of ${other} that ${count === 1 ? 'stands' : 'stand'} here before one of ${host} may have come after it, for example "${describe(earlier)}" before "${describe(later)}".`,
    ]
  })
}

/** Telemetry of the network names machines by address. */
function clockOf(fact: Fact, { hostNamed }: Pick<Graph, 'hostNamed'>): string {
  return isHostAddress(fact.host) ? NETWORK : (hostNamed(fact.host, fact.time)?.name ?? fact.host)
}

/** Facts of the clock that is behind, to which one of the clock ahead follows within the distance (µs): in truth that one came first. */
function turnedFacts(
  behind: readonly Fact[],
  ahead: readonly Fact[],
  distance: number,
): { count: number; earlier: Fact; later: Fact } | undefined {
  let count = 0
  let first: { earlier: Fact; later: Fact } | undefined
  let at = 0
  for (const earlier of behind) {
    while (at < ahead.length && ahead[at].time < earlier.time) at++
    if (at === ahead.length) break
    if (ahead[at].time - earlier.time >= distance) continue
    count++
    first ??= { earlier, later: ahead[at] }
  }
  return first && { count, ...first }
}
