// A service account's process has SYSTEM log on to it over loopback RPC and takes that token: DCOM activation on one's own machine, relayed ("potato" tools).

import type { Connection, Logon } from '../../facts/fact.ts'
import { type Graph, imageName, type ProcessNode } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { isUserWritable } from '../command-content.ts'
import { accountName, aftermath, between, nameOf, SAME_MOMENT, short, startedFact } from '../surroundings.ts'

/** Started with another's token by design: task and service hosts, logon, elevation. */
const STARTS_AS_OTHERS = new Set([
  'services.exe',
  'svchost.exe',
  'winlogon.exe',
  'wininit.exe',
  'smss.exe',
  'lsass.exe',
  'csrss.exe',
  'taskeng.exe',
  'consent.exe',
  'wmiprvse.exe',
  'msiexec.exe',
  'dllhost.exe',
  'explorer.exe',
  'userinit.exe',
  'sshd.exe',
])

export function localRelay({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  for (const child of graph.processes.values()) {
    const parent = child.parent
    if (!parent?.image || Number.isNaN(child.start) || STARTS_AS_OTHERS.has(imageName(parent.image))) continue
    if (!isSystem(child) || !parent.user.name || isSystem(parent)) continue
    const loopback = loopbackBefore(graph, parent, child.start)
    if (loopback.calls.length || loopback.logons.length) found.push(describe(parent, child, loopback))
  }
  return found
}

/** The machine's own account stands for SYSTEM where Security 4688 names the creator. */
const isSystem = ({ user, host }: ProcessNode): boolean =>
  user.sid === 'S-1-5-18' ||
  /^system$/i.test(user.name ?? '') ||
  (user.name ?? '').toUpperCase() === `${host.name}$`.toUpperCase()

interface Loopback {
  /** connections of the process itself to the endpoint mapper, or of others to a port of its own, on the loopback address */
  calls: Connection[]
  /** network logons from the loopback address */
  logons: Logon[]
}

const isLoopback = (address: string | undefined) =>
  !!address && /^(127\.|::1$|0:0:0:0:0:0:0:1$|::ffff:127\.)/i.test(address)

function loopbackBefore(graph: Graph, process: ProcessNode, time: number): Loopback {
  const near = (at: number) => at >= time - SAME_MOMENT && at <= time + SAME_MOMENT
  const calls = process.connections.filter(
    (one) =>
      near(one.time) &&
      isLoopback(one.remoteAddress) &&
      ((one.direction === 'outbound' && one.remotePort === 135) || one.direction === 'inbound'),
  )
  const logons = between(graph.logons, time - SAME_MOMENT, time).filter(
    (one) =>
      one.outcome === 'logon' &&
      one.logonType === 3 &&
      isLoopback(one.address) &&
      graph.hostNamed(one.host, one.time) === process.host,
  )
  // One connection alone is every program's business; both directions are a relay's.
  const both = calls.some((one) => one.direction === 'outbound') && calls.some((one) => one.direction === 'inbound')
  return { calls: both ? calls : [], logons }
}

function describe(parent: ProcessNode, child: ProcessNode, { calls, logons }: Loopback): Detection {
  const result = detection(
    'AN0628/local-relay',
    `${nameOf(parent)} started ${nameOf(child)} as SYSTEM after a call to itself over loopback`,
    parent.host,
    Math.min(child.start, ...calls.map((one) => one.time)),
  )
  result.until = child.start
  result.processes.push(parent, child)
  result.reasons.push({
    support: 'lineage',
    weight: 24,
    text: `${nameOf(parent)} runs as ${accountName(parent.user)} and started ${nameOf(child)} as SYSTEM: ${short(child.commandLine ?? child.image)}`,
    facts: startedFact(child),
  })
  if (calls.length) {
    const own = calls.find((one) => one.direction === 'inbound')!
    result.reasons.push({
      support: 'indicator',
      weight: 20,
      text: `It asked the RPC endpoint mapper of its own machine (port 135) and took connections on a port of its own (${own.localPort}) at that moment, all over loopback.`,
      facts: calls.slice(0, 6),
    })
  }
  if (logons.length)
    result.reasons.push({
      support: 'before',
      weight: 12,
      text: `${accountName(logons[0].account) || 'An account'} logged on over the network from ${logons[0].address}, the machine itself, at that moment.`,
      facts: logons.slice(0, 4),
    })
  if (isUserWritable(parent.image))
    result.reasons.push({
      support: 'rarity',
      weight: 12,
      text: `${parent.image} lies where users can write: not installed software.`,
      facts: startedFact(child),
    })
  result.processes.push(...aftermath(child, child.start, result))
  result.channels.push({
    kind: 'com',
    host: parent.host.name,
    name: 'activation over loopback RPC',
    server: parent,
    clients: [],
    time: result.time,
    facts: [...calls.slice(0, 2), ...logons.slice(0, 1), ...startedFact(child)].slice(0, 3),
  })
  result.techniques.push(
    { id: 'T1559.001', reason: 'A COM activation on the machine itself made SYSTEM call the process over RPC.' },
    { id: 'T1134.001', reason: `${nameOf(child)} runs as SYSTEM below a process that does not.` },
  )
  result.assumptions.push(
    'That the call was a COM activation is how such tools work; the events show the loopback call and the token that followed.',
  )
  result.gaps.push({
    text: 'Which class was activated, and with which privilege the token was taken, was not recorded.',
    wouldShow: 'Microsoft-Windows-RPC and COM ETW; Security events 4673 and 4674 (SeImpersonatePrivilege).',
  })
  return result
}
