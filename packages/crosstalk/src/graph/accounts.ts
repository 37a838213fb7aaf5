// One account, however it was spelt: by SID, as DOMAIN\name, with the domain's DNS name, as name@domain. What a SID's name is, and which two names one domain has, is learned
// from events that tell both. Accounts of Linux and macOS have a number on each host; what its name is there is learned likewise, and never carried to another host.
import type { AccountRef, Fact } from '../facts/fact.ts'
import type { HostNode } from './graph.ts'

/** Accounts that every Windows has ([MS-DTYP] 2.4.2.4); events also call LOCAL SYSTEM by the machine's name. */
const WELL_KNOWN: ReadonlyMap<string, AccountRef> = new Map(
  [
    ['S-1-5-7', 'ANONYMOUS LOGON'],
    ['S-1-5-18', 'SYSTEM'],
    ['S-1-5-19', 'LOCAL SERVICE'],
    ['S-1-5-20', 'NETWORK SERVICE'],
  ].map(([sid, name]) => [sid, { name, domain: 'NT AUTHORITY', sid }]),
)

export interface Accounts {
  /** the account as it is best known: name, short domain and SID where anything told them; the logon session stays */
  known(ref: AccountRef, host?: HostNode): AccountRef
}

type Counts = Map<string, number>
const count = (counts: Counts, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
/** The most frequent; among equals the first by letters. */
const most = (counts: Counts): string | undefined =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]

/** `S-1-5-21-a-b-c` of `S-1-5-21-a-b-c-1107`: the domain's, or the machine's. */
const domainSid = (sid: string): string | undefined => /^(S-1-5-21-\d+-\d+-\d+)-\d+$/.exec(sid)?.[1]

/** A name that has its domain with it: `ann@corp.example`, `CORP\ann`. */
function split({ name, domain, ...more }: AccountRef): AccountRef {
  if (!name || (domain && domain !== '-')) return { name, ...(domain !== '-' && { domain }), ...more }
  const at = name.lastIndexOf('@')
  if (at > 0) return { name: name.slice(0, at), domain: name.slice(at + 1), ...more }
  const slash = name.indexOf('\\')
  return slash > 0 ? { name: name.slice(slash + 1), domain: name.slice(0, slash), ...more } : { name, ...more }
}

/** `hostOf`: the host of a fact that tells of an account there. */
export function learnAccounts(facts: readonly Fact[], hostOf: (fact: Fact) => HostNode | undefined): Accounts {
  /** SID → names; domain SID → domain names */
  const names = new Map<string, Counts>()
  const domains = new Map<string, Counts>()
  /** host and number → names */
  const numbered = new Map<string, Counts>()
  const learn = (lists: Map<string, Counts>, key: string, value: string) => {
    let counts = lists.get(key)
    if (!counts) lists.set(key, (counts = new Map()))
    count(counts, value)
  }
  for (const fact of facts)
    for (const ref of accountsIn(fact)) {
      if (ref.uid && ref.name && ref.name !== ref.uid) {
        const host = hostOf(fact)
        if (host) learn(numbered, `${host.name}/${ref.uid}`, ref.name)
      }
      if (!ref.sid || !ref.name || WELL_KNOWN.has(ref.sid)) continue
      const { name, domain } = split(ref)
      learn(names, ref.sid, name!)
      const group = domainSid(ref.sid)
      if (group && domain) learn(domains, group, domain)
    }
  const groupOf = new Map<string, string>()
  const shortOf = new Map<string, string>()
  for (const [group, spellings] of domains) {
    for (const spelling of spellings.keys()) groupOf.set(spelling.toLowerCase(), group)
    const short = new Map([...spellings].filter(([spelling]) => !spelling.includes('.')))
    shortOf.set(group, most(short.size ? short : spellings)!)
  }
  const sidOf = new Map<string, string>()
  for (const [sid, spellings] of names)
    for (const name of spellings.keys()) sidOf.set(`${domainSid(sid)}\\${name.toLowerCase()}`, sid)

  /** An account that its event names by its number alone. */
  const named = (ref: AccountRef, host: HostNode | undefined): AccountRef => {
    if (ref.name !== undefined && ref.name !== ref.uid) return ref
    const names = host && numbered.get(`${host.name}/${ref.uid}`)
    return { ...ref, name: (names && most(names)) ?? (ref.uid === '0' ? 'root' : ref.uid) }
  }

  return {
    known(ref, host) {
      if (ref.uid !== undefined) return named(ref, host)
      const { name, domain, sid: told, ...more } = split(ref)
      const group = domain === undefined ? undefined : groupOf.get(domain.toLowerCase())
      const sid = told ?? (group && name ? sidOf.get(`${group}\\${name.toLowerCase()}`) : undefined)
      const wellKnown = sid && WELL_KNOWN.get(sid)
      if (wellKnown) return { ...wellKnown, ...more }
      const own = (sid && domainSid(sid)) ?? group
      const best: AccountRef = {
        name: (sid && names.has(sid) ? most(names.get(sid)!) : undefined) ?? name,
        domain: (own ? shortOf.get(own) : undefined) ?? domain,
        sid,
        ...more,
      }
      return Object.fromEntries(Object.entries(best).filter(([, value]) => value !== undefined))
    },
  }
}

function* accountsIn(fact: Fact): Generator<AccountRef> {
  switch (fact.kind) {
    case 'account-told':
      yield fact.account
      break
    case 'process-started':
    case 'connection':
      yield fact.user
      break
    case 'logon':
      yield fact.account
      if (fact.by) yield fact.by
      break
    case 'observation':
      if (fact.account) yield fact.account
      if (fact.peer?.account) yield fact.peer.account
      break
    case 'effect':
    case 'rule-hit':
      if (fact.account) yield fact.account
      break
  }
}
