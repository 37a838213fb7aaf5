// Logon sessions of each host. Numbers of Windows come back after a restart at the earliest; those of Linux and macOS begin anew with each boot, so that one that is opened
// again after its end, or by another account, is another session.
import type { AccountRef, Fact, Logon } from '../facts/fact.ts'
import { isHostAddress } from './address-claims.ts'
import { type HostNode, SECOND, type SessionNode } from './graph.ts'
import type { Hosts } from './hosts.ts'

/** sshd's own line and the record of the session that it opens lie this close together. */
const SAME_LOGON = 5 * SECOND
/** An event may be stamped a little before the logon that its session began with. */
const SLACK = 3 * SECOND

/** Somebody came over the network: logon type 3 of Windows; on Linux and macOS whoever has an address. */
export const isNetworkLogon = ({ outcome, logonType, service, address }: Logon): boolean =>
  outcome === 'logon' && (logonType === 3 || (service !== undefined && isHostAddress(address)))

export interface Sessions {
  byKey: Map<string, SessionNode>
  of(host: HostNode, logonId: string | undefined, time?: number): SessionNode | undefined
}

export function buildSessions(facts: readonly Fact[], hosts: Hosts): Sessions {
  const byKey = new Map<string, SessionNode>()
  /** of one host and number, by time */
  const byNumber = new Map<string, SessionNode[]>()
  /** logons that say from where, but not which session */
  const loose: Logon[] = []
  for (const fact of facts) {
    if (fact.kind !== 'logon') continue
    const { logonId } = fact.account
    if (!logonId || logonId === '0x0') {
      if (fact.service && fact.address && fact.outcome === 'logon') loose.push(fact)
      continue
    }
    const host = hosts.of(fact)
    const key = `${host.name}/${logonId}`
    let list = byNumber.get(key)
    if (!list) byNumber.set(key, (list = []))
    let session = list.at(-1)
    if (!session || isAnother(session, fact)) {
      session = {
        host,
        logonId,
        account: fact.account,
        privileged: false,
        start: fact.time,
        end: Number.NaN,
        facts: [],
      }
      byKey.set(list.length === 0 ? key : `${key}#${list.length + 1}`, session)
      list.push(session)
    }
    add(session, fact)
  }
  const ofHost = Map.groupBy(byKey.values(), (session) => session.host)
  for (const fact of loose) tellFrom(ofHost.get(hosts.of(fact)) ?? [], fact)
  return {
    byKey,
    of(host, logonId, time) {
      const list = logonId ? byNumber.get(`${host.name}/${logonId}`) : undefined
      if (!list || time === undefined) return list?.[0]
      return list.findLast((one) => one.start <= time + SLACK) ?? list[0]
    },
  }
}

function isAnother(session: SessionNode, fact: Logon): boolean {
  if (!fact.service || fact.outcome !== 'logon') return false
  if (session.end + SLACK < fact.time) return true
  const { uid } = session.account
  return uid !== undefined && fact.account.uid !== undefined && uid !== fact.account.uid
}

function add(session: SessionNode, fact: Logon): void {
  session.facts.push(fact)
  session.privileged ||= fact.outcome === 'privileged'
  if (fact.outcome === 'logoff' && fact.service) session.end = fact.time
  if (fact.outcome !== 'logon') return
  session.account = fact.service ? merged(session.account, fact.account) : fact.account
  session.logonType ??= fact.logonType
  session.service ??= fact.service
  session.address ??= fact.address
  session.port ??= fact.port
  session.workstation ??= fact.workstation
}

/** A number is no name where a record before had one. */
function merged(known: AccountRef, told: AccountRef): AccountRef {
  const name = told.name === undefined || told.name === told.uid ? (known.name ?? told.name) : told.name
  return { ...known, ...told, ...(name !== undefined && { name }) }
}

/** What sshd says of a logon goes to the session that the same account's logon opened there in the same moment, if that is one. `sessions`: of the host, by their start. */
function tellFrom(sessions: readonly SessionNode[], fact: Logon): void {
  let low = 0
  let high = sessions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sessions[middle].start < fact.time - SECOND) low = middle + 1
    else high = middle
  }
  const fit: SessionNode[] = []
  for (let at = low; at < sessions.length && sessions[at].start <= fact.time + SAME_LOGON; at++)
    if (isTold(sessions[at], fact)) fit.push(sessions[at])
  if (fit.length !== 1) return
  const [session] = fit
  session.address = fact.address
  session.port = fact.port
  session.facts.push(fact)
}

const isTold = (session: SessionNode, { account, address }: Logon): boolean =>
  session.service !== undefined &&
  session.account.name === account.name &&
  (session.address === undefined || session.address === address) &&
  session.port === undefined
