// One machine, however it was spelt: WS6, ws6.example.local and 10.0.0.6 become one host where the telemetry shows that they are.
import type { Connection, Fact } from '../facts/fact.ts'
import type { HostNode } from './graph.ts'

const isAddress = (name: string) => /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.includes(':')

export interface Hosts {
  byName: Map<string, HostNode>
  /** the host of a fact: always there */
  of(fact: Fact): HostNode
  named(name: string): HostNode | undefined
  at(address: string): HostNode | undefined
}

/** An address that says which machine it is: not loopback, link-local, multicast or unspecified. */
export function isHostAddress(address: string | undefined): address is string {
  if (!address || address === '-' || address === 'LOCAL') return false
  const plain = address.toLowerCase()
  if (plain.includes(':')) return !/^(::1?$|fe80:|ff)/.test(plain)
  return /^\d+\.\d+\.\d+\.\d+$/.test(plain) && !/^(0\.|127\.|169\.254\.|2(2[4-9]|3\d)\.|255\.)/.test(plain)
}

/** `::ffff:10.0.0.5` is 10.0.0.5. */
export const plainAddress = (address: string) => address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')

export function resolveHosts(facts: readonly Fact[]): Hosts {
  const spellings = new Set<string>()
  for (const fact of facts) spellings.add(fact.host)
  const keyOf = hostKeys(spellings)
  const byName = new Map<string, HostNode>()
  for (const fact of facts) {
    const name = keyOf(fact.host)
    let host = byName.get(name)
    if (!host) {
      host = {
        name,
        names: new Set(),
        addresses: new Map(),
        firstSeen: Number.POSITIVE_INFINITY,
        lastSeen: Number.NEGATIVE_INFINITY,
        kinds: new Set(),
      }
      byName.set(name, host)
    }
    host.names.add(fact.host)
    if (fact.time < host.firstSeen) host.firstSeen = fact.time
    if (fact.time > host.lastSeen) host.lastSeen = fact.time
    host.kinds.add(fact.kind)
    if (fact.kind === 'observation') host.kinds.add(fact.channel.kind)
    if (fact.kind === 'effect') host.kinds.add(fact.what)
    if (fact.kind === 'connection' && isHostAddress(fact.localAddress)) {
      const address = plainAddress(fact.localAddress)
      host.addresses.set(address, (host.addresses.get(address) ?? 0) + 1)
    }
  }
  const byAddress = new Map<string, HostNode>()
  for (const host of byName.values()) {
    for (const [address, count] of host.addresses) {
      const other = byAddress.get(address)
      if (!other || (other.addresses.get(address) ?? 0) < count) byAddress.set(address, host)
    }
  }
  // An address that another host shows as its own more often was read from the wrong end of a connection.
  for (const host of byName.values()) {
    for (const address of host.addresses.keys()) if (byAddress.get(address) !== host) host.addresses.delete(address)
  }
  for (const fact of facts) if (fact.kind === 'connection') turnRound(fact, byName.get(keyOf(fact.host)), byAddress)
  return {
    byName,
    of: (fact) => byName.get(keyOf(fact.host))!,
    named: (name) => byName.get(keyOf(name)),
    at: (address) => byAddress.get(plainAddress(address)),
  }
}

/** Sysmon does not say which end is the local one; where the addresses' owners are known, they do. */
function turnRound(fact: Connection, host: HostNode | undefined, owners: ReadonlyMap<string, HostNode>): void {
  if (owners.get(plainAddress(fact.remoteAddress)) !== host || owners.get(plainAddress(fact.localAddress)) === host)
    return
  const { localAddress, localPort } = fact
  fact.localAddress = fact.remoteAddress
  fact.localPort = fact.remotePort
  fact.remoteAddress = localAddress
  fact.remotePort = localPort
}

/** First label, upper case, unless two machines with different domains share it. */
function hostKeys(spellings: Iterable<string>): (name: string) => string {
  const domains = new Map<string, Set<string>>()
  for (const spelling of spellings) {
    if (isAddress(spelling)) continue
    const [label, ...rest] = spelling.toUpperCase().split('.')
    if (!domains.has(label)) domains.set(label, new Set())
    if (rest.length) domains.get(label)!.add(rest.join('.'))
  }
  const keys = new Map<string, string>()
  return (name) => {
    let key = keys.get(name)
    if (key === undefined) {
      const upper = name.toUpperCase()
      const label = upper.split('.')[0]
      key = isAddress(name) ? name : (domains.get(label)?.size ?? 0) > 1 && upper.includes('.') ? upper : label
      keys.set(name, key)
    }
    return key
  }
}
