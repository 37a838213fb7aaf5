// Takes facts as they arrive, in any order, and keeps what the graph is built from. Equal facts (the same log collected twice, the same
// connection reported again within a minute) are kept once, with a count, so that memory follows what is distinct, not what is read.
import type { Fact } from '../facts/fact.ts'

/** At most this many distinct facts are held; what comes after is counted and named in `bounds`. About 0.4 KB each. */
export const MAX_FACTS = 400_000
/** Kinds that are many and of which one more tells little are given up first: at this share of the bound. */
const CHEAP_SHARE = 0.6
const BUCKET = 60_000_000
const HOUR = 60 * BUCKET

export interface FactStore {
  add(facts: readonly Fact[]): void
  /** the distinct facts, by time; those without a time last */
  all(): Fact[]
  /** seen, by kind, folded ones included */
  readonly counts: Map<string, number>
  bounds(): string[]
}

/** `nameOf`: the name of an input, by the index that facts carry: which file comes first must not depend on which was read first. */
export function createFactStore(
  maxFacts: number = MAX_FACTS,
  nameOf: (file: number) => string | number = (file) => file,
): FactStore {
  const before = (a: Fact, b: Fact): boolean => {
    const { file, offset } = a.evidence
    if (file === b.evidence.file) return offset < b.evidence.offset
    return nameOf(file) < nameOf(b.evidence.file)
  }
  const kept = new Map<string, Fact>()
  const counts = new Map<string, number>()
  const dropped = new Map<string, number>()
  return {
    counts,
    add(facts) {
      for (const fact of facts) {
        const kind = fact.kind
        counts.set(kind, (counts.get(kind) ?? 0) + 1)
        const key = identity(fact)
        const known = kept.get(key)
        if (known) {
          // The earliest one stays, so that the result does not depend on the order of arrival.
          if (fact.time < known.time || (fact.time === known.time && before(fact, known))) kept.set(key, fact)
          continue
        }
        const limit = isCheap(fact) ? maxFacts * CHEAP_SHARE : maxFacts
        if (kept.size >= limit) dropped.set(kind, (dropped.get(kind) ?? 0) + 1)
        else kept.set(key, fact)
      }
    },
    all: () => [...kept.values()].sort((a, b) => order(a.time) - order(b.time) || (before(a, b) ? -1 : 1)),
    bounds: () =>
      [...dropped].map(
        ([kind, count]) =>
          `${count} facts of kind ${kind} were not kept: more than ${maxFacts} distinct facts (narrow with --since/--until)`,
      ),
  }
}

const order = (time: number) => (Number.isNaN(time) ? Number.POSITIVE_INFINITY : time)
const isCheap = (fact: Fact) =>
  fact.kind === 'connection' ||
  fact.kind === 'process-ended' ||
  fact.kind === 'address-told' ||
  fact.kind === 'account-told' ||
  // A server that the internet reaches refuses thousands a day.
  (fact.kind === 'logon' && fact.outcome === 'failed' && fact.service !== undefined) ||
  (fact.kind === 'observation' && fact.channel.kind === 'named-pipe')

/** What makes two facts the same thing said twice. */
function identity(fact: Fact): string {
  const at = Number.isNaN(fact.time) ? `#${fact.evidence.file}:${fact.evidence.offset}` : String(fact.time)
  const minute = Number.isNaN(fact.time) ? at : String(Math.floor(fact.time / BUCKET))
  const head = `${fact.kind}|${fact.host}|`
  switch (fact.kind) {
    case 'process-started':
      return `${head}${at}|${fact.process.guid ?? ''}|${fact.process.pid}|${fact.process.image}`
    case 'process-ended':
      return `${head}${at}|${fact.process.guid ?? fact.process.pid}`
    case 'logon':
      return `${head}${minute}|${fact.outcome}|${fact.account.logonId}|${fact.account.name}|${fact.address}|${fact.port}|${fact.target ?? ''}|${fact.by?.logonId ?? ''}|${fact.by?.name ?? ''}`
    case 'connection':
      return `${head}${minute}|${fact.process.guid ?? fact.process.pid}|${fact.direction}|${fact.localAddress}:${fact.localPort}|${fact.remoteAddress}:${fact.remotePort}`
    case 'address-told':
      return `${head}${Math.floor(fact.time / HOUR)}|${fact.how}|${fact.name}|${fact.address}`
    case 'account-told':
      return `${head}${fact.account.uid}|${fact.account.name}`
    case 'observation':
      return `${head}${at}|${fact.channel.kind}|${fact.channel.name}|${fact.act}|${fact.actor?.guid ?? fact.actor?.pid ?? ''}|${fact.peer?.address ?? ''}|${fact.account?.logonId ?? ''}`
    case 'effect':
      return `${head}${at}|${fact.what}|${fact.name}|${fact.actor?.guid ?? fact.actor?.pid ?? ''}`
    case 'rule-hit':
      return `${head}${at}|${fact.rule}|${fact.process?.guid ?? fact.process?.pid ?? ''}|${fact.channel}|${fact.eventId}`
  }
}
