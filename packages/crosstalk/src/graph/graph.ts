// Who is who and who did what: hosts, processes, sessions, connections, channels. Built once, from all facts, in time order; the order in
// which facts arrived leaves no trace in it. Everything here points back to the facts it rests on.
import type { AccountRef, ChannelKind, Connection, Effect, Fact, Logon, Observation, RuleHit } from '../facts/fact.ts'
import type { AddressBook } from './addresses.ts'

/** A machine, however it was spelt. */
export interface HostNode {
  /** the name people use: first label, upper case; the full name where two machines share a first label */
  name: string
  /** every spelling seen */
  names: Set<string>
  /** addresses that its own telemetry shows as local, most seen first */
  addresses: Map<string, number>
  firstSeen: number
  lastSeen: number
  /** channels and event kinds that it reported: what is not in here could not be seen */
  kinds: Set<Fact['kind'] | ChannelKind | Effect['what'] | string>
}

export interface ProcessNode {
  /** `HOST/{guid}`, or `HOST/pid@start` (start in µs), or `HOST/pid@~` when its start was not recorded */
  key: string
  host: HostNode
  pid?: number
  guid?: string
  /** full path as written; '' when unknown */
  image: string
  commandLine?: string
  /** µs; NaN: its start was not recorded, it is only referred to */
  start: number
  end: number
  user: AccountRef
  integrity?: string
  hashes?: string
  originalFileName?: string
  currentDirectory?: string
  parent?: ProcessNode
  children: ProcessNode[]
  connections: Connection[]
  observations: Observation[]
  effects: Effect[]
  hits: RuleHit[]
  /** the facts that speak of it, its start first */
  facts: Fact[]
}

export interface SessionNode {
  host: HostNode
  logonId: string
  account: AccountRef
  logonType?: number
  /** Linux, macOS: the program that opened it */
  service?: string
  address?: string
  port?: number
  workstation?: string
  privileged: boolean
  start: number
  /** µs; NaN: its end was not recorded */
  end: number
  facts: Logon[]
}

export interface ChannelNode {
  /** `kind:HOST:name` in lower case */
  key: string
  kind: ChannelKind
  host: string
  name: string
  server?: ProcessNode
  observations: Observation[]
  firstSeen: number
}

/** `host`'s clock is ahead of `other`'s by `ahead` seconds, 0 or more. Either may be NETWORK (skew.ts). */
export interface ClockSkew {
  host: string
  other: string
  /** the median of the matches */
  ahead: number
  /** half of the matches lie within so many seconds of the median */
  spread: number
  /** matches that it rests on: connections told twice, and logons with the caller's connection */
  connections: number
  logons: number
}

export interface Graph {
  hosts: Map<string, HostNode>
  processes: Map<string, ProcessNode>
  sessions: Map<string, SessionNode>
  channels: Map<string, ChannelNode>
  connections: Connection[]
  observations: Observation[]
  effects: Effect[]
  logons: Logon[]
  hits: RuleHit[]
  /** how many telemetry facts of each kind there were, before equal ones were folded */
  counts: Map<string, number>
  /** what had to be forgotten because a bound was hit */
  bounds: string[]
  /** how far clocks of hosts are apart, as far as matched connections tell; no time here is corrected by it */
  skews: readonly ClockSkew[]
  /** how addresses were learned to be hosts' */
  addresses: AddressBook
  /** the host that a name or an address means, at a time where addresses went from one to another; undefined when nothing in the telemetry tells */
  hostNamed(name: string, time?: number): HostNode | undefined
  hostAt(address: string, time?: number): HostNode | undefined
  /** an account as it is best known, however this event spelt it; `host`: where, for accounts that an event names by their number there */
  account(ref: AccountRef, host?: HostNode): AccountRef
  /** the process that a fact's actor is */
  processOf(fact: Fact): ProcessNode | undefined
  /** numbers of Linux and macOS begin anew at each boot: then the time tells which session is meant */
  sessionOf(host: HostNode, logonId: string | undefined, time?: number): SessionNode | undefined
}

/** Parents, nearest first; stops at a loop or after `limit`. */
export function ancestors(process: ProcessNode, limit = 12): ProcessNode[] {
  const found: ProcessNode[] = []
  for (let at = process.parent; at && found.length < limit && !found.includes(at) && at !== process; at = at.parent)
    found.push(at)
  return found
}

/** Children and theirs, breadth first, at most `limit`. */
export function descendants(process: ProcessNode, limit = 400): ProcessNode[] {
  const found: ProcessNode[] = []
  const seen = new Set([process])
  const queue = [process]
  while (queue.length && found.length < limit) {
    for (const child of queue.shift()!.children) {
      if (seen.has(child) || found.length >= limit) continue
      seen.add(child)
      found.push(child)
      queue.push(child)
    }
  }
  return found
}

/** `powershell.exe` of a path, lower case. */
export function imageName(image: string | undefined): string {
  if (!image) return ''
  const cut = Math.max(image.lastIndexOf('\\'), image.lastIndexOf('/'))
  return image.slice(cut + 1).toLowerCase()
}

export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
