// Services and tasks that a case set up or changed: containment removes them.
import type { FactReason } from '../analytics/analytic.ts'
import type { Fact } from '../facts/fact.ts'
import type { EvidenceList } from './evidence.ts'

export function servicesOf(
  reasons: readonly FactReason[],
  evidence: EvidenceList,
): { host: string; name: string; evidence: string[] }[] {
  const services = new Map<string, { host: string; name: string; facts: Fact[] }>()
  for (const fact of reasons.flatMap((reason) => reason.facts)) {
    // A change of state (7036) names the service as people read it, and what merely started is no attacker's to remove.
    if (fact.kind !== 'effect' || !/^(service-(?!state)|task-|registry-set)/.test(fact.what)) continue
    const name =
      fact.what === 'registry-set'
        ? /\\services\\([^\\]+)\\/i.exec(fact.name)?.[1]
        : fact.what === 'service-changed'
          ? (fact.detail.param4 ?? fact.name)
          : fact.name
    if (!name) continue
    const key = `${fact.host}|${name}`.toLowerCase()
    const known = services.get(key)
    if (known) known.facts.push(fact)
    else services.set(key, { host: fact.host, name, facts: [fact] })
  }
  return [...services.values()].map(({ host, name, facts }) => ({ host, name, evidence: evidence.of(facts) }))
}
