// What the telemetry says about whose an address is: who says it, of which machine, how often, from when to when.
import type { AddressTold, Connection, Fact, Logon } from '../facts/fact.ts'

/** An address that says which machine it is: not loopback, link-local, multicast or unspecified. */
export function isHostAddress(address: string | undefined): address is string {
  if (!address || address === '-' || address === 'LOCAL') return false
  const plain = address.toLowerCase()
  if (plain.includes(':')) return !/^(::1?$|fe[89ab]|ff)/.test(plain)
  return /^\d+\.\d+\.\d+\.\d+$/.test(plain) && !/^(0\.|127\.|169\.254\.|2(2[4-9]|3\d)\.|255\.)/.test(plain)
}

/** `::ffff:10.0.0.5` is 10.0.0.5. */
export const plainAddress = (address: string) => address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')

/** How an address was learned to be a host's, the best first. */
export const LEARNED = [
  /** the host's own telemetry shows it as the local end of its connections */
  'local end',
  /** the host's own list of interfaces */
  'interface',
  /** the machine's own account logged on from it, or got its ticket there: by Kerberos, which cannot be passed on as NTLM can */
  'machine account',
  /** a DHCP lease */
  'lease',
  /** the one answer to the machine's name */
  'dns',
  /** an end of its connections, of which the event does not say that it is the local one */
  'likely local end',
  /** somebody who named the host as theirs logged on from it. Tools can claim any name: nothing is taken for a host on such grounds */
  'named workstation',
] as const
export type Learned = (typeof LEARNED)[number]

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

const TOLD: Readonly<Record<AddressTold['how'], Learned>> = {
  interface: 'interface',
  kerberos: 'machine account',
  lease: 'lease',
  dns: 'dns',
}

/** By address, each host and ground once. `reporting`: keys of the hosts that telemetry comes from; `keyOf`: the key of a name. */
export function addressClaims(
  facts: readonly Fact[],
  reporting: ReadonlySet<string>,
  keyOf: (name: string) => string,
): Map<string, Ownership[]> {
  const claims = new Map<string, Map<string, Ownership>>()
  const claim = (address: string, name: string, how: Learned, fact: Fact, until = fact.time) => {
    const host = keyOf(name)
    if (!isHostAddress(address) || !reporting.has(host)) return
    const plain = plainAddress(address)
    let of = claims.get(plain)
    if (!of) claims.set(plain, (of = new Map()))
    const known = of.get(`${how} ${host}`)
    if (!known) of.set(`${how} ${host}`, { address: plain, host, how, from: fact.time, to: until, count: 1, fact })
    else {
      known.count++
      if (fact.time < known.from) known.from = fact.time
      if (until > known.to) known.to = until
    }
  }
  for (const fact of facts) {
    if (fact.kind === 'connection') ofConnection(fact, claim)
    else if (fact.kind === 'logon') ofLogon(fact, keyOf, claim)
    else if (fact.kind === 'address-told') claim(fact.address, fact.name, TOLD[fact.how], fact, fact.until)
  }
  return new Map([...claims].map(([address, of]) => [address, [...of.values()]]))
}

type Claim = (address: string, name: string, how: Learned, fact: Fact) => void

const ofConnection = (fact: Connection, claim: Claim): void =>
  claim(fact.localAddress, fact.host, fact.endsGuessed ? 'likely local end' : 'local end', fact)

function ofLogon(fact: Logon, keyOf: (name: string) => string, claim: Claim): void {
  if (fact.outcome !== 'logon' || !fact.address) return
  const { name } = fact.account
  const isKerberos = fact.authentication?.toLowerCase() === 'kerberos'
  if (name?.endsWith('$')) {
    const machine = name.slice(0, -1)
    if (isKerberos && keyOf(machine) !== keyOf(fact.host)) claim(fact.address, machine, 'machine account', fact)
  } else if (fact.workstation && keyOf(fact.workstation) !== keyOf(fact.host))
    claim(fact.address, fact.workstation, 'named workstation', fact)
}
