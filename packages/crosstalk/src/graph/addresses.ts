// Which machine an address means, and when: learned from the telemetry only where it says so, with the record that taught it.
import type { Fact } from '../facts/fact.ts'
import { addressClaims, LEARNED, type Learned, type Ownership, plainAddress } from './address-claims.ts'

export interface AddressBook {
  /** the host's key; `time` decides where an address went from one host to another */
  ownerAt(address: string, time?: number): string | undefined
  /** in order of host and time */
  ownerships: readonly Ownership[]
  /** addresses that several hosts have at the same time: where connections show it the host that shows it most has it, else nobody; the others are named here */
  disputed: ReadonlyMap<string, readonly Ownership[]>
  /** what a client called itself at an address that nothing says whose it is */
  claimed: ReadonlyMap<string, readonly Ownership[]>
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
  const owners = new Map<string, Ownership[]>()
  const disputed = new Map<string, Ownership[]>()
  const claimed = new Map<string, Ownership[]>()
  for (const [address, claims] of addressClaims(facts, reporting, keyOf)) {
    const { kept, others } = settle(claims.filter((one) => one.how !== 'named workstation'))
    const named = claims.filter((one) => one.how === 'named workstation')
    if (kept.length) owners.set(address, kept)
    else if (named.length) claimed.set(address, named)
    if (others.length) disputed.set(address, others)
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
    claimed,
  }
}

/** Grounds that a wrong end of a connection can be among: what is said most is right. Of others, two that contradict each other are both nothing. */
const BY_COUNT: ReadonlySet<Learned> = new Set(['local end', 'likely local end'])
/** The same word is kept once an hour (fold.ts): nearer than that it may be at the same time. */
const HOUR = 3_600_000_000
const overlap = (a: Ownership, b: Ownership, slack = 0) => a.to + slack >= b.from && a.from - slack <= b.to

/** Whose the address was, in order of time, and who disputes it. What a better ground says stands; a lesser one fills the time before and after. */
function settle(claims: readonly Ownership[]): { kept: Ownership[]; others: Ownership[] } {
  const kept: Ownership[] = []
  const others: Ownership[] = []
  for (const how of LEARNED) {
    const same = claims.filter((one) => one.how === how).sort((a, b) => b.count - a.count || (a.host < b.host ? -1 : 1))
    for (const one of same) {
      if (kept.some((other) => other.host === one.host)) continue
      if (kept.length && one.count < ENOUGH) continue
      // Two machines at one address at one time: a gateway or a load balancer stands between.
      const isContradicted = !BY_COUNT.has(how) && same.some((other) => other !== one && overlap(one, other, HOUR))
      const first = kept.find((other) => other.how === how)
      if (kept.some((other) => overlap(one, other))) {
        if (first && one.count >= DISPUTE_SHARE * first.count) others.push(one)
      } else if (isContradicted) others.push(one)
      else kept.push(one)
    }
  }
  return { kept: kept.sort((a, b) => a.from - b.from), others }
}
