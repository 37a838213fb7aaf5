// Which machine an address means, and when: learned from the telemetry only where it says so, with the record that taught it.
import type { Fact } from '../facts/fact.ts'

/** An address that says which machine it is: not loopback, link-local, multicast or unspecified. */
export function isHostAddress(address: string | undefined): address is string {
  if (!address || address === '-' || address === 'LOCAL') return false
  const plain = address.toLowerCase()
  if (plain.includes(':')) return !/^(::1?$|fe80:|ff)/.test(plain)
  return /^\d+\.\d+\.\d+\.\d+$/.test(plain) && !/^(0\.|127\.|169\.254\.|2(2[4-9]|3\d)\.|255\.)/.test(plain)
}

/** `::ffff:10.0.0.5` is 10.0.0.5. */
export const plainAddress = (address: string) => address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')

/** How an address was learned to be a host's, the best first. */
export type Learned =
  /** the host's own telemetry shows it as the local end of its connections */
  | 'local end'
  /** the machine's own account logged on from it */
  | 'machine account'
  /** somebody who named the host as theirs logged on from it: tools can claim any name */
  | 'named workstation'

const RANK: readonly Learned[] = ['local end', 'machine account', 'named workstation']

/** That an address was a host's from one time to another (µs). */
export interface Ownership {
  address: string
  host: string
  how: Learned
  from: number
  to: number
  /** facts that say so, and the first of them */
  count: number
  fact: Fact
}

export interface AddressBook {
  /** the host's key; `time` decides where an address went from one host to another */
  ownerAt(address: string, time?: number): string | undefined
  /** in order of host and time */
  ownerships: readonly Ownership[]
  /** addresses that several hosts show as theirs at the same time: the host that shows it most has it, the others are named here */
  disputed: ReadonlyMap<string, readonly Ownership[]>
}

/** A second owner needs so many facts; fewer are a connection read from the wrong end. */
const ENOUGH = 3
/** A dispute is worth telling from this share of the owner's facts on. */
const DISPUTE_SHARE = 0.2

/** `reporting`: keys of the hosts that telemetry comes from; `keyOf`: the key of a name. */
export function learnAddresses(
  facts: readonly Fact[],
  reporting: ReadonlySet<string>,
  keyOf: (name: string) => string,
): AddressBook {
  const claims = new Map<string, Map<string, Ownership>>()
  const claim = (address: string, host: string, how: Learned, fact: Fact) => {
    const plain = plainAddress(address)
    let of = claims.get(plain)
    if (!of) claims.set(plain, (of = new Map()))
    const known = of.get(`${how} ${host}`)
    if (!known) of.set(`${how} ${host}`, { address: plain, host, how, from: fact.time, to: fact.time, count: 1, fact })
    else {
      known.count++
      if (fact.time < known.from) known.from = fact.time
      if (fact.time > known.to) known.to = fact.time
    }
  }
  for (const fact of facts) {
    if (fact.kind === 'connection') {
      const host = keyOf(fact.host)
      if (isHostAddress(fact.localAddress) && reporting.has(host)) claim(fact.localAddress, host, 'local end', fact)
    } else if (fact.kind === 'logon' && fact.outcome === 'logon' && isHostAddress(fact.address)) {
      const { name } = fact.account
      const from = name?.endsWith('$') ? keyOf(name.slice(0, -1)) : fact.workstation && keyOf(fact.workstation)
      if (from && reporting.has(from) && from !== keyOf(fact.host))
        claim(fact.address, from, name?.endsWith('$') ? 'machine account' : 'named workstation', fact)
    }
  }
  return bookOf(claims)
}

function bookOf(claims: ReadonlyMap<string, ReadonlyMap<string, Ownership>>): AddressBook {
  const owners = new Map<string, Ownership[]>()
  const disputed = new Map<string, Ownership[]>()
  for (const [address, of] of claims) {
    const best = RANK.map((how) => [...of.values()].filter((one) => one.how === how)).find((list) => list.length)!
    const [first, ...others] = best.sort((a, b) => b.count - a.count || (a.host < b.host ? -1 : 1))
    // A name that two machines claim for one address is no proof of either.
    if (first.how === 'named workstation' && others.length) continue
    const kept = [first]
    for (const one of others) {
      if (one.count < ENOUGH) continue
      if (kept.every((other) => one.to < other.from || one.from > other.to)) kept.push(one)
      else if (one.count >= DISPUTE_SHARE * first.count) disputed.set(address, [...(disputed.get(address) ?? []), one])
    }
    owners.set(
      address,
      kept.sort((a, b) => a.from - b.from),
    )
  }
  return {
    ownerAt(address, time) {
      const list = owners.get(plainAddress(address))
      if (!list) return undefined
      if (list.length === 1) return list[0].host
      if (time === undefined || Number.isNaN(time)) return list.reduce((a, b) => (b.count > a.count ? b : a)).host
      const away = (one: Ownership) => Math.max(0, one.from - time, time - one.to)
      return list.reduce((a, b) => (away(b) < away(a) ? b : a)).host
    },
    ownerships: [...owners.values()].flat(),
    disputed,
  }
}
