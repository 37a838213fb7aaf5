// One machine, however it was spelt: WS6, ws6.example.local and 10.0.0.6 become one host where the telemetry shows that they are.
import type { Connection, Fact } from '../facts/fact.ts'
import { plainAddress } from './address-claims.ts'
import { type AddressBook, learnAddresses } from './addresses.ts'
import type { HostNode } from './graph.ts'
import { hostKeys, isAddress } from './host-names.ts'

export interface Hosts {
  byName: Map<string, HostNode>
  addresses: AddressBook
  /** the host of a fact: always there, but for what only tells of an address */
  of(fact: Fact): HostNode
  named(name: string, time?: number): HostNode | undefined
  at(address: string, time?: number): HostNode | undefined
}

export function resolveHosts(facts: readonly Fact[]): Hosts {
  // Who only tells of an address need be no host here.
  const told = facts.filter((fact) => fact.kind !== 'address-told' && fact.kind !== 'account-told')
  const spellings = new Set(told.map((fact) => fact.host))
  const keyOf = hostKeys(spellings)
  const reporting = new Set([...spellings].filter((name) => !isAddress(name)).map(keyOf))
  const addresses = learnAddresses(facts, reporting, keyOf)
  /** Telemetry of the network names machines by address; it is the named host's where the address is known to be. */
  const keyOfFact = (fact: Fact): string =>
    (isAddress(fact.host) ? addresses.ownerAt(fact.host, fact.time) : undefined) ?? keyOf(fact.host)

  const byName = new Map<string, HostNode>()
  for (const fact of told) note(byName, keyOfFact(fact), fact)
  for (const { host, address, count } of addresses.ownerships) byName.get(host)?.addresses.set(address, count)
  const at = (address: string, time?: number): HostNode | undefined => {
    const owner = addresses.ownerAt(address, time)
    return owner === undefined ? byName.get(plainAddress(address)) : byName.get(owner)
  }
  for (const fact of facts) if (fact.kind === 'connection') turnRound(fact, byName.get(keyOfFact(fact)), at)
  return {
    byName,
    addresses,
    of: (fact) => byName.get(keyOfFact(fact))!,
    named: (name, time) => (isAddress(name) ? at(name, time) : byName.get(keyOf(name))),
    at,
  }
}

function note(byName: Map<string, HostNode>, name: string, fact: Fact): void {
  let host = byName.get(name)
  if (!host) {
    host = {
      name,
      names: new Set(),
      // A machine that only the network tells of has its address for a name.
      addresses: isAddress(name) ? new Map([[plainAddress(name), 1]]) : new Map(),
      firstSeen: Number.POSITIVE_INFINITY,
      lastSeen: Number.NEGATIVE_INFINITY,
      kinds: new Set(),
    }
    byName.set(name, host)
  }
  host.names.add(fact.host)
  if (fact.time < host.firstSeen) host.firstSeen = fact.time
  if (fact.time > host.lastSeen) host.lastSeen = fact.time
  // That somebody ran sudo does not tell who came from where.
  if (!(fact.kind === 'logon' && fact.service !== undefined && fact.outcome !== 'logon')) host.kinds.add(fact.kind)
  if (fact.kind === 'observation') host.kinds.add(fact.channel.kind)
  if (fact.kind === 'effect') host.kinds.add(fact.what)
}

/** Sysmon does not say which end is the local one; where the addresses' owners are known, they do. */
function turnRound(
  fact: Connection,
  host: HostNode | undefined,
  owner: (address: string, time: number) => HostNode | undefined,
): void {
  if (fact.localAddress === '') return
  if (owner(fact.remoteAddress, fact.time) !== host || owner(fact.localAddress, fact.time) === host) return
  const { localAddress, localPort } = fact
  fact.localAddress = fact.remoteAddress
  fact.localPort = fact.remotePort
  fact.remoteAddress = localAddress
  fact.remotePort = localPort
}
