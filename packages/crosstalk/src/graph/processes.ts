// The process table: one node a process, whoever reported it (Sysmon and the Security log tell of the same start in their own words), with
// reused pids kept apart by time, and a node for every process that is only referred to.
import type { AccountRef, Fact, ProcessEnded, ProcessRef, ProcessStarted } from '../facts/fact.ts'
import { type HostNode, imageName, type ProcessNode, SECOND } from './graph.ts'
import type { Hosts } from './hosts.ts'

/** Two reports of one start lie this close together: the Security log's times may be whole seconds. */
const SAME_START = 2 * SECOND
/** An event may be stamped a little before the start of the process that caused it. */
const SLACK = 3 * SECOND

interface HostTable {
  byGuid: Map<string, ProcessNode>
  /** by pid, ordered by start; nodes without a start stand first */
  byPid: Map<number, ProcessNode[]>
  /** by image and command line: nodes that want the pid or the guid which another log may tell */
  halfKnown: Map<string, ProcessNode[]>
}

export interface ProcessTable {
  processes: Map<string, ProcessNode>
  /** the process that a reference means at a time; makes a node for one that is only referred to, when it has a pid or guid */
  resolve(host: HostNode, ref: ProcessRef | undefined, time: number, user?: AccountRef): ProcessNode | undefined
}

export function buildProcesses(facts: readonly Fact[], hosts: Hosts): ProcessTable {
  const processes = new Map<string, ProcessNode>()
  const tables = new Map<HostNode, HostTable>()
  const tableOf = (host: HostNode) => {
    let table = tables.get(host)
    if (!table) tables.set(host, (table = { byGuid: new Map(), byPid: new Map(), halfKnown: new Map() }))
    return table
  }

  const register = (node: ProcessNode) => {
    processes.set(node.key, node)
    const table = tableOf(node.host)
    if (node.guid) table.byGuid.set(node.guid, node)
    if (node.pid !== undefined) addByPid(table, node, node.pid)
    if (node.commandLine && !(node.guid && node.pid !== undefined)) addTo(table.halfKnown, commandKey(node), node)
  }

  const find = (host: HostNode, ref: ProcessRef, time: number): ProcessNode | undefined => {
    const table = tableOf(host)
    const byGuid = ref.guid ? table.byGuid.get(ref.guid) : undefined
    if (byGuid || ref.pid === undefined) return byGuid
    const list = table.byPid.get(ref.pid)
    if (!list) return undefined
    for (let at = list.length - 1; at >= 0; at--) {
      const node = list[at]
      if (ref.guid && node.guid && node.guid !== ref.guid && !isSameStart(node.guid, ref.guid)) continue
      if (!sameImage(node.image, ref.image)) continue
      if (startOf(node) <= time + SLACK && !(node.end + SLACK < time)) return node
    }
    return undefined
  }

  const make = (host: HostNode, ref: ProcessRef, start: number, user: AccountRef): ProcessNode => {
    const base = ref.guid ? ref.guid : `${ref.pid ?? imageName(ref.image)}@${Number.isNaN(start) ? '~' : start}`
    let key = `${host.name}/${base}`
    for (let again = 2; processes.has(key); again++) key = `${host.name}/${base}#${again}`
    const node: ProcessNode = {
      key,
      host,
      pid: ref.pid,
      guid: ref.guid,
      image: ref.image ?? '',
      commandLine: ref.commandLine,
      start,
      end: Number.NaN,
      user,
      children: [],
      connections: [],
      observations: [],
      effects: [],
      hits: [],
      facts: [],
    }
    register(node)
    return node
  }

  const resolve: ProcessTable['resolve'] = (host, ref, time, user = {}) => {
    if (!ref || (ref.pid === undefined && !ref.guid)) return undefined
    if (ref.pid === 0 && !ref.guid && !ref.image) return undefined
    const found = find(host, ref, time)
    if (!found) return make(host, ref, Number.NaN, user)
    complete(found, ref, user)
    return found
  }

  const started = facts.filter((fact): fact is ProcessStarted => fact.kind === 'process-started')
  for (const fact of started) {
    const host = hosts.of(fact)
    const twin = findTwin(tableOf(host), fact)
    const node = twin ?? make(host, fact.process, fact.time, fact.user)
    describe(node, fact)
  }
  for (const fact of facts) {
    if (fact.kind === 'process-ended') end(find(hosts.of(fact), fact.process, fact.time), fact)
  }
  for (const fact of started) {
    const host = hosts.of(fact)
    const node = find(host, fact.process, fact.time)
    const parent = resolve(host, fact.parent, fact.time)
    if (!node || !parent || node === parent || node.parent === parent) continue
    if (node.parent && !Number.isNaN(node.parent.start)) continue
    if (node.parent) node.parent.children = node.parent.children.filter((child) => child !== node)
    node.parent = parent
    parent.children.push(node)
  }
  return { processes, resolve }
}

function addTo<K>(lists: Map<K, ProcessNode[]>, key: K, node: ProcessNode): void {
  const list = lists.get(key)
  if (list) list.push(node)
  else lists.set(key, [node])
}

function addByPid(table: HostTable, node: ProcessNode, pid: number): void {
  const list = table.byPid.get(pid)
  if (!list) {
    table.byPid.set(pid, [node])
    return
  }
  let at = list.length
  while (at > 0 && startOf(list[at - 1]) > startOf(node)) at--
  list.splice(at, 0, node)
}

/**
 * Sysmon makes a ProcessGuid of the machine’s id, the second of the start and a token’s id (M. Graeber, "Exploring process GUIDs", 2017); some events carry another
 * token’s. With the same pid (the caller’s part) machine and second are enough.
 */
const isSameStart = (a: string, b: string): boolean => a.slice(0, 20) === b.slice(0, 20) && a.length === b.length

const commandKey = ({ image, commandLine }: ProcessRef): string => `${imageName(image)} ${commandLine}`

const startOf = (node: ProcessNode) => (Number.isNaN(node.start) ? Number.NEGATIVE_INFINITY : node.start)

/** Names agree when either is unknown, or their last parts are the same (the kernel writes device paths). */
function sameImage(a: string | undefined, b: string | undefined): boolean {
  if (!a || !b) return true
  const left = imageName(a)
  const right = imageName(b)
  return left === right || left === 'system' || right === 'system' || left === '' || right === ''
}

/** The same start told by the other log: no guid on one side, the same pid and image, times close together. */
function findTwin(table: HostTable, fact: ProcessStarted): ProcessNode | undefined {
  const { guid, pid, image } = fact.process
  const byGuid = guid ? table.byGuid.get(guid) : undefined
  if (byGuid) return byGuid
  if (pid === undefined) return guid ? findHalfKnown(table, fact) : undefined
  const close = (node: ProcessNode) =>
    !(guid && node.guid && guid !== node.guid) &&
    Math.abs(node.start - fact.time) <= SAME_START &&
    imageName(node.image) === imageName(image)
  const node = table.byPid.get(pid)?.find(close) ?? (guid ? undefined : findHalfKnown(table, fact))
  if (node && guid && !node.guid) {
    node.guid = guid
    table.byGuid.set(guid, node)
  }
  return node
}

/**
 * The same start where one log lacks the pid: collectors put their own in place of Sysmon's, and the guid is not in the Security log. The command line and
 * the time must agree, and with one start only.
 */
function findHalfKnown(table: HostTable, { process, time }: ProcessStarted): ProcessNode | undefined {
  if (!process.commandLine) return undefined
  // In the order of their starts: only the last ones can be close.
  const nodes = table.halfKnown.get(commandKey(process)) ?? []
  const close: ProcessNode[] = []
  for (let at = nodes.length - 1; at >= 0 && nodes[at].start >= time - SAME_START; at--) {
    const { guid, pid } = nodes[at]
    if (process.guid ? guid === undefined : guid !== undefined && pid === undefined) close.push(nodes[at])
  }
  if (close.length !== 1) return undefined
  const [node] = close
  if (process.guid) {
    node.guid = process.guid
    table.byGuid.set(process.guid, node)
  } else if (process.pid !== undefined) {
    node.pid = process.pid
    addByPid(table, node, process.pid)
  }
  return node
}

function describe(node: ProcessNode, fact: ProcessStarted): void {
  complete(node, fact.process, fact.user)
  node.integrity ??= fact.integrity
  node.hashes ??= fact.hashes
  node.originalFileName ??= fact.originalFileName
  node.currentDirectory ??= fact.currentDirectory
  node.facts.push(fact)
}

function complete(node: ProcessNode, ref: ProcessRef, user: AccountRef): void {
  if (ref.image && (!node.image || (!/[\\/]/.test(node.image) && /[\\/]/.test(ref.image)))) node.image = ref.image
  if (ref.commandLine && !node.commandLine) node.commandLine = ref.commandLine
  if (node.pid === undefined) node.pid = ref.pid
  // What the Security log calls the subject is the creator's account: the one with a session of its own wins.
  node.user = { ...user, ...dropEmpty(node.user) }
}

const dropEmpty = (account: AccountRef): AccountRef =>
  Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined && value !== ''))

function end(node: ProcessNode | undefined, fact: ProcessEnded): void {
  if (!node) return
  node.end = fact.time
  node.facts.push(fact)
}
