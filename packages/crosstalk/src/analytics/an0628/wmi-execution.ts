// WMI: IWbemServices is a COM interface, WmiPrvSE.exe the server that runs what it is told to.
import type { Connection } from '../../facts/fact.ts'
import { type Graph, imageName, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { contentHints, isInterpreter, isUserWritable } from '../command-content.ts'
import { droppedFiles } from '../dropped-files.ts'
import {
  aftermath,
  DYNAMIC_PORT,
  inbound,
  isFromElsewhere,
  nameOf,
  remoteLogon,
  remoteSessions,
  SAME_MOMENT,
  short,
  sourceSide,
  startedFact,
} from '../surroundings.ts'

/** WmiPrvSE children that management software starts. */
const WMI_ROUTINE = /\\(msiexec|wmiprvse|unsecapp|werfault|conhost|tiworker|ccmexec|mofcomp|wmiadap|svchost)\.exe$/i

const isPerson = ({ user }: ProcessNode) =>
  !!user.name &&
  !user.name.endsWith('$') &&
  !/^(nt authority|nt-autorit|window manager)$/i.test(user.domain ?? '') &&
  !/^S-1-5-(18|19|20)$/.test(user.sid ?? '') &&
  !/^(system|local service|network service)$/i.test(user.name)

/**
 * Security 4688 before Windows 10 names no parent. A shell that the network service started (WmiPrvSE.exe runs as it) while the shell's own children run for a person
 * in a session from the network was started with that person's token: Win32_Process.Create does so.
 */
function isLikelyProvidersChild(graph: Graph, process: ProcessNode): boolean {
  if (process.parent?.image || process.user.logonId !== '0x3e4' || !isInterpreter(process)) return false
  return process.children.some((child) => {
    const session = isPerson(child) ? graph.sessionOf(process.host, child.user.logonId) : undefined
    return session !== undefined && isFromElsewhere(graph, session)
  })
}

/** A command through WMI: WmiPrvSE is the COM server (IWbemServices) that starts it. */
export function wmiExecution({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const byProvider = new Map<ProcessNode, ProcessNode[]>()
  for (const process of graph.processes.values()) {
    const provider = process.parent
    if (
      !provider ||
      !(imageName(provider.image) === 'wmiprvse.exe' || isLikelyProvidersChild(graph, process)) ||
      Number.isNaN(process.start) ||
      WMI_ROUTINE.test(process.image)
    )
      continue
    // Win32_Process.Create runs as the caller: a person’s account below WmiPrvSE is somebody’s call, whatever program it is. Security 4688 may name
    // the provider’s account alone; then a person’s network logon of that moment stands for it.
    if (
      !isInterpreter(process) &&
      !isUserWritable(process.image) &&
      !contentHints(process).length &&
      !isPerson(process) &&
      !remoteSessions(graph, process.host, process.start - SAME_MOMENT, process.start).length
    )
      continue
    const list = byProvider.get(provider)
    if (list) list.push(process)
    else byProvider.set(provider, [process])
  }
  for (const [provider, children] of byProvider)
    found.push(
      describeWmi(
        graph,
        provider,
        children.sort((a, b) => a.start - b.start),
      ),
    )
  return found
}

function describeWmi(graph: Graph, provider: ProcessNode, children: ProcessNode[]): Detection {
  const first = children[0]
  const isNamed = provider.image !== ''
  const result = detection(
    'AN0628/wmi-execution',
    `${nameOf(first)} started through WMI${isNamed ? ' (WmiPrvSE.exe)' : ''}`,
    provider.host,
    first.start,
  )
  if (!isNamed)
    result.assumptions.push(
      `That the network service's process which started ${nameOf(first)} is WmiPrvSE.exe is inferred: the event names no parent, but what runs below has the token of a network logon.`,
    )
  result.until = children.at(-1)!.start
  result.processes.push(first, provider)
  result.reasons.push({
    support: 'lineage',
    weight: 20,
    text: `${isNamed ? 'WmiPrvSE.exe, the server behind IWbemServices,' : 'A process of the network service, with the token of a network logon,'} started ${nameOf(first)}: ${short(first.commandLine ?? 'command line not recorded')}`,
    facts: startedFact(first),
  })
  result.techniques.push(
    { id: 'T1559.001', reason: 'The command was run through the COM interface IWbemServices.' },
    {
      id: 'T1047',
      reason: isNamed
        ? `WmiPrvSE.exe is the parent of ${nameOf(first)}.`
        : `${nameOf(first)} was started as WMI starts programs for a caller.`,
    },
  )
  for (const child of children.slice(0, 6)) {
    if (child !== first) result.processes.push(child)
    result.processes.push(...aftermath(child, first.start, result))
  }
  const caller = inbound(
    graph,
    provider.host,
    first.start - 30 * SECOND,
    first.start + SAME_MOMENT,
    (port) => port === 135 || port >= DYNAMIC_PORT,
  )
  const client = caller.length ? undefined : clientHere(graph, first)
  if (caller.length) wmiCaller(graph, result, caller)
  else if (client) calledHere(result, first, client)
  else if (remoteLogon(graph, result, first.start - 30 * SECOND, first.start + SAME_MOMENT).length)
    wmiSession(graph, result, first)
  else {
    result.gaps.push({
      text: 'Whether the WMI call came from this host or from another was not recorded.',
      wouldShow:
        'WMI-Activity/Operational, Sysmon event 3 or Security event 5156 (inbound 135 and a dynamic port), Security event 4624.',
    })
  }
  const kind = caller.length || result.sessions.length ? 'dcom' : 'com'
  const address = caller[0]?.remoteAddress ?? result.sessions[0]?.address
  if (address) droppedFiles(graph, result, address)
  result.channels.push({
    kind,
    host: provider.host.name,
    name: 'IWbemServices (WmiPrvSE.exe)',
    server: provider,
    clients: client ? [{ process: client }] : address ? [{ address }] : [],
    time: first.start,
    facts: [...startedFact(provider), ...startedFact(first)].slice(0, 2),
  })
  return result
}

/** A program of this machine whose command asked WMI for a process in the seconds before. */
const clientHere = (graph: Graph, first: ProcessNode): ProcessNode | undefined =>
  [...graph.processes.values()].find(
    (one) =>
      one.host === first.host &&
      one !== first &&
      one.start <= first.start &&
      one.start >= first.start - 10 * SECOND &&
      /^(wmic|powershell|pwsh|cscript|wscript|mshta)\.exe$/.test(imageName(one.image)) &&
      /\bprocess\b.*\bcall\s+create\b|\bwin32_process\b/i.test(one.commandLine ?? ''),
  )

function calledHere(result: Detection, first: ProcessNode, client: ProcessNode): void {
  result.processes.push(client)
  result.reasons.push({
    support: 'before',
    weight: 16,
    text: `${nameOf(client)} had asked for it ${Math.round((first.start - client.start) / SECOND)} s before, on this machine: ${short(client.commandLine ?? '')}`,
    facts: startedFact(client),
  })
}

/** No connection was recorded, but a session from another machine began in the seconds before: the call came with it. */
function wmiSession(graph: Graph, result: Detection, first: ProcessNode): void {
  const session = result.sessions.find((one) => one.start <= first.start && one.start >= first.start - 2 * SECOND)
  if (!session?.address) return
  result.reasons.push({
    support: 'remote',
    weight: 8,
    text: `That session began ${((first.start - session.start) / SECOND).toFixed(1)} s before, from another machine (${session.address}).`,
    facts: session.facts.slice(0, 1),
  })
  result.remotes.push({
    address: session.address,
    port: session.port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: session.facts.slice(0, 1),
  })
  const source = graph.hostAt(session.address, session.start)
  if (source) result.others.push({ host: source, role: 'source' })
  result.techniques.push({
    id: 'T1021.003',
    reason: `The WMI call came over DCOM with the session from ${session.address}.`,
  })
}

function wmiCaller(graph: Graph, result: Detection, connections: Connection[]): void {
  const dynamic = connections.find((one) => one.localPort >= DYNAMIC_PORT) ?? connections[0]
  const same = connections.filter((one) => one.remoteAddress === dynamic.remoteAddress)
  const ports = [...new Set(same.map((one) => one.localPort))].join(' and ')
  result.reasons.push({
    support: 'remote',
    weight: 18,
    text: `${dynamic.remoteAddress} connected to port ${ports} within seconds before.`,
    facts: same.slice(0, 6),
  })
  result.remotes.push({
    address: dynamic.remoteAddress,
    port: dynamic.remotePort,
    protocol: dynamic.protocol,
    direction: 'inbound',
    process: graph.processOf(dynamic),
    facts: same.slice(0, 6),
  })
  result.techniques.push({ id: 'T1021.003', reason: `The WMI call came over DCOM from ${dynamic.remoteAddress}.` })
  remoteLogon(graph, result, dynamic.time - MINUTE, result.until + SAME_MOMENT, dynamic.remoteAddress)
  const caller = sourceSide(graph, result, dynamic)
  if (caller) result.processes.push(caller)
}
