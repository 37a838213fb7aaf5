// AN0628 (ATT&CK DET0224): abuse of the Component Object Model. Patterns: a COM server reached over the network (DCOM) that then runs
// something, WMI used that way, a client whose DCOM activation failed, and local COM used to have another process run code.
import type { Connection, Fact, Observation } from '../facts/fact.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode, SECOND } from '../graph/graph.ts'
import { plainAddress } from '../graph/hosts.ts'
import { type Analytic, type AnalyticContext, type Detection, detection } from './analytic.ts'
import { contentHints, isInterpreter, isUserWritable } from './command-content.ts'
import {
  aftermath,
  between,
  DYNAMIC_PORT,
  inbound,
  isFromOutside,
  nameOf,
  remoteLogon,
  SAME_MOMENT,
  short,
  sourceSide,
  startedFact,
} from './surroundings.ts'

/** What follows an activation within this time belongs to it. */
const ACTIVATION_WINDOW = 2 * MINUTE

/**
 * Programs that serve COM classes by which a remote caller has commands run (MS-DCOM activation; classes documented by Nelson 2017, Tsukerman 2018,
 * Hansen 2018 "LethalHTA"), and how unusual it is that they take a network connection at all: weight of that alone.
 */
const COM_SERVERS: Readonly<Record<string, { classes: string; weight: number }>> = {
  'explorer.exe': { classes: 'ShellWindows or ShellBrowserWindow', weight: 26 },
  'mmc.exe': { classes: 'MMC20.Application', weight: 20 },
  'mshta.exe': { classes: 'htafile', weight: 28 },
  'excel.exe': { classes: 'Excel.Application', weight: 22 },
  'winword.exe': { classes: 'Word.Application', weight: 22 },
  'powerpnt.exe': { classes: 'PowerPoint.Application', weight: 22 },
  'outlook.exe': { classes: 'Outlook.Application', weight: 22 },
  'visio.exe': { classes: 'Visio.Application', weight: 22 },
  'iexplore.exe': { classes: 'InternetExplorer.Application', weight: 18 },
  'dllhost.exe': { classes: 'a class with a DLL surrogate', weight: 12 },
  'rundll32.exe': { classes: 'a class registered for rundll32', weight: 18 },
  'wscript.exe': { classes: 'a scriptlet class', weight: 22 },
  'cscript.exe': { classes: 'a scriptlet class', weight: 22 },
}

/** Started by DcomLaunch as COM servers on every machine, all day: lineage alone says nothing. */
const ROUTINE_SERVERS = new Set([
  'runtimebroker.exe',
  'wmiprvse.exe',
  'dllhost.exe',
  'explorer.exe',
  'backgroundtaskhost.exe',
  'smartscreen.exe',
  'searchapp.exe',
  'startmenuexperiencehost.exe',
  'shellexperiencehost.exe',
  'applicationframehost.exe',
  'systemsettings.exe',
  'slui.exe',
  'sppextcomobj.exe',
  'tiworker.exe',
  'mobsync.exe',
  'rundll32.exe',
  'wudfhost.exe',
  'unsecapp.exe',
  'microsoftedge.exe',
  'microsoftedgecp.exe',
  'lockapp.exe',
  'textinputhost.exe',
  'prevhost.exe',
  'openwith.exe',
  'thumbnailextractionhost.exe',
  'gamebarpresencewriter.exe',
  'searchui.exe',
  'searchhost.exe',
  'taskmgr.exe',
  'securityhealthhost.exe',
  'ielowutil.exe',
  'iexplore.exe',
  'filecoauth.exe',
  'mousocoreworker.exe',
  'usocoreworker.exe',
  'wwahost.exe',
]) // prettier-ignore

const isDcomLaunch = (process: ProcessNode | undefined) =>
  !!process && imageName(process.image) === 'svchost.exe' && /-k\s+dcomlaunch/i.test(process.commandLine ?? '')
const isActivated = (process: ProcessNode) => /\s[-/](embedding|automation)\b/i.test(process.commandLine ?? '')

/** Inbound connections on RPC's dynamic ports that a COM server itself took, by server and remote address. */
function servedConnections(graph: Graph): Map<ProcessNode, Connection[]> {
  const found = new Map<ProcessNode, Connection[]>()
  for (const connection of graph.connections) {
    if (connection.direction !== 'inbound' || connection.localPort < DYNAMIC_PORT || connection.protocol !== 'tcp')
      continue
    const process = graph.processOf(connection)
    if (!process || !COM_SERVERS[imageName(process.image)] || !isFromOutside(graph, process.host, connection)) continue
    const list = found.get(process)
    if (list) list.push(connection)
    else found.set(process, [connection])
  }
  return found
}

function dcomExecution({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const served = servedConnections(graph)
  for (const [server, connections] of served) {
    for (const group of byAddress(connections)) found.push(describeServed(graph, server, group))
  }
  for (const server of graph.processes.values()) {
    if (
      served.has(server) ||
      !isActivated(server) ||
      ROUTINE_SERVERS.has(imageName(server.image)) ||
      !COM_SERVERS[imageName(server.image)]
    )
      continue
    const activated = describeActivated(graph, server)
    if (activated) found.push(activated)
  }
  return found
}

/** One story an address; a pause of half an hour begins another. */
function byAddress(connections: readonly Connection[]): Connection[][] {
  const groups = new Map<string, Connection[][]>()
  for (const one of connections) {
    const runs = groups.get(one.remoteAddress)
    const last = runs?.at(-1)
    if (!runs) groups.set(one.remoteAddress, [[one]])
    else if (last && one.time - last.at(-1)!.time < 30 * MINUTE) last.push(one)
    else runs.push([one])
  }
  return [...groups.values()].flat()
}

function describeServed(graph: Graph, server: ProcessNode, connections: Connection[]): Detection {
  const first = connections[0]
  const name = imageName(server.image)
  const { classes, weight } = COM_SERVERS[name]
  const result = detection(
    'AN0628/dcom-execution',
    `${nameOf(server)} driven over DCOM from ${first.remoteAddress}`,
    server.host,
    first.time,
  )
  result.until = connections.at(-1)!.time
  result.processes.push(server)
  const times = connections.length > 1 ? `${connections.length} inbound connections` : 'an inbound connection'
  result.reasons.push(
    {
      support: 'indicator',
      weight,
      text: `${nameOf(server)} took ${times} from ${first.remoteAddress} on RPC's dynamic port ${first.localPort}: it serves COM (${classes}) to the network.`,
      facts: connections.slice(0, 8),
    },
    {
      support: 'remote',
      weight: 12,
      text: `The caller is another machine (${first.remoteAddress}, port ${first.remotePort}).`,
      facts: [first],
    },
    rarity(graph, server, connections),
  )
  result.remotes.push({
    address: first.remoteAddress,
    port: first.remotePort,
    protocol: 'tcp',
    direction: 'inbound',
    process: server,
    facts: connections.slice(0, 8),
  })
  result.channels.push({
    kind: 'dcom',
    host: server.host.name,
    name: nameOf(server),
    server,
    clients: [{ address: first.remoteAddress }],
    time: first.time,
    facts: connections.slice(0, 4),
  })
  result.techniques.push(
    { id: 'T1559.001', reason: `A COM server (${nameOf(server)}) was used through remote activation.` },
    { id: 'T1021.003', reason: `The caller at ${first.remoteAddress} reached it over DCOM.` },
  )
  launchedByDcom(server, first.time, result)
  endpointMapper(graph, result, first)
  remoteLogon(graph, result, first.time - MINUTE, result.until + MINUTE, first.remoteAddress)
  const caller = sourceSide(graph, result, first)
  if (caller) {
    result.processes.push(caller)
    result.channels[0].clients = [{ process: caller }]
  }
  whatItRan(server, connections, result)
  techniqueOfServer(name, result)
  result.gaps.push({
    text: `Which class and method of ${nameOf(server)} the caller used is not in this telemetry.`,
    wouldShow:
      'Microsoft-Windows-RPC ETW (interface and operation), RPC Firewall, or a packet capture of the DCE/RPC traffic; COM activation auditing (DCOM event 10036 for denied calls).',
  })
  return result
}

/** How this process behaves in the telemetry at hand: a server that never takes connections but from one address is rare. */
function rarity(graph: Graph, server: ProcessNode, connections: readonly Connection[]): Detection['reasons'][number] {
  const name = imageName(server.image)
  const others = new Set<string>()
  for (const one of graph.connections) {
    if (
      one.direction === 'inbound' &&
      imageName(one.process.image) === name &&
      one.remoteAddress !== connections[0].remoteAddress
    )
      others.add(one.remoteAddress)
  }
  return others.size === 0
    ? {
        support: 'rarity',
        weight: 12,
        text: `Nobody else connected to any ${nameOf(server)} in this telemetry.`,
        facts: [connections[0]],
      }
    : {
        support: 'rarity',
        weight: -6 * Math.min(others.size, 3),
        text: `${others.size} other addresses connected to ${nameOf(server)} too: it may be used that way here.`,
        facts: [connections[0]],
      }
}

function launchedByDcom(server: ProcessNode, time: number, result: Detection): void {
  if (!isActivated(server) && !isDcomLaunch(server.parent)) return
  if (Math.abs(server.start - time) > ACTIVATION_WINDOW) return
  result.reasons.push({
    support: 'lineage',
    weight: 20,
    text: `${isDcomLaunch(server.parent) ? 'DcomLaunch' : nameOf(server.parent ?? server)} started ${nameOf(server)} as a COM server just then (${short(server.commandLine ?? '')}).`,
    facts: startedFact(server),
  })
  if (server.parent) result.processes.push(server.parent)
}

/** A DCOM client asks port 135 for the server's port first. */
function endpointMapper(graph: Graph, result: Detection, connection: Connection): void {
  const asked = inbound(
    graph,
    result.host,
    connection.time - 30 * SECOND,
    connection.time + SAME_MOMENT,
    (port) => port === 135,
  ).filter((one) => plainAddress(one.remoteAddress) === plainAddress(connection.remoteAddress))
  if (!asked.length) return
  result.reasons.push({
    support: 'adjacency',
    weight: 14,
    text: `${connection.remoteAddress} asked the endpoint mapper (port 135) just before.`,
    facts: asked.slice(0, 4),
  })
}

function whatItRan(server: ProcessNode, connections: readonly Connection[], result: Detection): void {
  const children = server.children.filter((child) =>
    connections.some((one) => child.start >= one.time - SAME_MOMENT && child.start <= one.time + ACTIVATION_WINDOW),
  )
  const telling = children.filter(
    (child) => isInterpreter(child) || isUserWritable(child.image) || contentHints(child).length > 0,
  )
  for (const child of telling.slice(0, 4)) {
    result.reasons.push({
      support: 'lineage',
      weight: 22,
      text: `${nameOf(server)} started ${nameOf(child)} ${Math.max(0, Math.round((child.start - connections[0].time) / SECOND))} s after the call: ${short(child.commandLine ?? 'command line not recorded')}`,
      facts: startedFact(child),
    })
    result.processes.push(child, ...aftermath(child, connections[0].time, result))
    result.until = Math.max(result.until, child.start)
  }
  if (telling.length) return
  const reported = [...server.host.kinds].includes('process-started')
  result.gaps.push(
    reported
      ? {
          text: `No process that ${nameOf(server)} started after the call was recorded: the call may have failed, may have acted inside ${nameOf(server)}, or its process events were filtered.`,
          wouldShow:
            'Sysmon event 1 or Security event 4688 with command lines, unfiltered for children of COM servers.',
        }
      : {
          text: `${server.host.name} reported no process creation: what the call ran, and how ${nameOf(server)} was activated, cannot be seen.`,
          wouldShow:
            'Sysmon event 1, or Security event 4688 with command lines (audit policy: Process Creation; include command line in process creation events).',
        },
  )
  if (imageName(server.image) === 'mshta.exe')
    result.reasons.push(
      ...contentHints(server).map((hint) => ({
        support: 'content' as const,
        weight: hint.weight,
        text: `${nameOf(server)}: ${hint.text}.`,
        facts: startedFact(server),
      })),
    )
}

function techniqueOfServer(name: string, result: Detection): void {
  if (name === 'mshta.exe')
    result.techniques.push({
      id: 'T1218.005',
      reason: 'mshta.exe was the COM server: script inside it runs as HTML application.',
    })
}

/** Started as a COM server that nobody needs in the background; no network telemetry to say from where. */
function describeActivated(graph: Graph, server: ProcessNode): Detection | undefined {
  const children = server.children.filter((child) => isInterpreter(child) || isUserWritable(child.image))
  const fromDcom = isDcomLaunch(server.parent)
  const inboundThen = inbound(
    graph,
    server.host,
    server.start - 30 * SECOND,
    server.start + 30 * SECOND,
    (port) => port === 135 || port >= DYNAMIC_PORT,
  )
  const scriptHost = /^(mshta|wscript|cscript|rundll32)\.exe$/.test(imageName(server.image))
  if (!children.length && !inboundThen.length && !(scriptHost && fromDcom)) return undefined
  const result = detection(
    'AN0628/com-server-execution',
    `${nameOf(server)} started as a COM server${children.length ? ` and ran ${nameOf(children[0])}` : ''}`,
    server.host,
    server.start,
  )
  result.processes.push(server)
  if (server.parent) result.processes.push(server.parent)
  result.reasons.push({
    support: 'lineage',
    weight: 18,
    text: `${fromDcom ? 'DcomLaunch started' : 'It was started as COM server:'} ${short(server.commandLine ?? nameOf(server))}.`,
    facts: startedFact(server),
  })
  result.techniques.push({
    id: 'T1559.001',
    reason: `${nameOf(server)} ran as COM server (${short(server.commandLine ?? '')}).`,
  })
  techniqueOfServer(imageName(server.image), result)
  if (scriptHost)
    result.reasons.push({
      support: 'indicator',
      weight: 12,
      text: `${nameOf(server)} as a COM server runs script for whoever activates it.`,
      facts: startedFact(server),
    })
  for (const child of children.slice(0, 4)) {
    result.reasons.push({
      support: 'after',
      weight: 20,
      text: `It started ${nameOf(child)}: ${short(child.commandLine ?? 'command line not recorded')}`,
      facts: startedFact(child),
    })
    result.processes.push(child, ...aftermath(child, server.start, result))
  }
  if (inboundThen.length) callerOf(graph, result, inboundThen)
  else remoteLogon(graph, result, server.start - MINUTE, server.start + MINUTE)
  result.channels.push({
    kind: inboundThen.length ? 'dcom' : 'com',
    host: server.host.name,
    name: nameOf(server),
    server,
    clients: inboundThen.length ? [{ address: inboundThen[0].remoteAddress }] : [],
    time: server.start,
    facts: startedFact(server),
  })
  if (!inboundThen.length)
    result.gaps.push({
      text: `Who activated ${nameOf(server)}, and from where, was not recorded.`,
      wouldShow:
        'Sysmon event 3 or Security event 5156 for inbound connections to RPC, Security event 4624 for the logon that came with it.',
    })
  return result
}

function callerOf(graph: Graph, result: Detection, connections: readonly Connection[]): void {
  const first = connections[0]
  result.reasons.push({
    support: 'remote',
    weight: 16,
    text: `${first.remoteAddress} connected to RPC (port ${first.localPort}) at that moment.`,
    facts: connections.slice(0, 4),
  })
  result.remotes.push({
    address: first.remoteAddress,
    port: first.remotePort,
    protocol: first.protocol,
    direction: 'inbound',
    facts: connections.slice(0, 4),
  })
  result.techniques.push({
    id: 'T1021.003',
    reason: `The activation coincides with an RPC connection from ${first.remoteAddress}.`,
  })
  remoteLogon(graph, result, first.time - MINUTE, first.time + MINUTE, first.remoteAddress)
  const caller = sourceSide(graph, result, first)
  if (caller) result.processes.push(caller)
}

/** WmiPrvSE children that management software starts. */
const WMI_ROUTINE = /\\(msiexec|wmiprvse|unsecapp|werfault|conhost|tiworker|ccmexec|mofcomp|wmiadap|svchost)\.exe$/i

/** A command through WMI: WmiPrvSE is the COM server (IWbemServices) that starts it. */
function wmiExecution({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const byProvider = new Map<ProcessNode, ProcessNode[]>()
  for (const process of graph.processes.values()) {
    const provider = process.parent
    if (
      !provider ||
      imageName(provider.image) !== 'wmiprvse.exe' ||
      Number.isNaN(process.start) ||
      WMI_ROUTINE.test(process.image)
    )
      continue
    if (!isInterpreter(process) && !isUserWritable(process.image) && !contentHints(process).length) continue
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
  const result = detection(
    'AN0628/wmi-execution',
    `${nameOf(first)} started through WMI (WmiPrvSE.exe)`,
    provider.host,
    first.start,
  )
  result.until = children.at(-1)!.start
  result.processes.push(first, provider)
  result.reasons.push({
    support: 'lineage',
    weight: 20,
    text: `WmiPrvSE.exe, the server behind IWbemServices, started ${nameOf(first)}: ${short(first.commandLine ?? 'command line not recorded')}`,
    facts: startedFact(first),
  })
  result.techniques.push(
    { id: 'T1559.001', reason: 'The command was run through the COM interface IWbemServices.' },
    { id: 'T1047', reason: `WmiPrvSE.exe is the parent of ${nameOf(first)}.` },
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
  if (caller.length) wmiCaller(graph, result, caller)
  else if (!remoteLogon(graph, result, first.start - 30 * SECOND, first.start + SAME_MOMENT).length) {
    result.gaps.push({
      text: 'Whether the WMI call came from this host or from another was not recorded.',
      wouldShow:
        'WMI-Activity/Operational, Sysmon event 3 or Security event 5156 (inbound 135 and a dynamic port), Security event 4624.',
    })
  }
  const kind = caller.length || result.sessions.length ? 'dcom' : 'com'
  const address = caller[0]?.remoteAddress ?? result.sessions[0]?.address
  result.channels.push({
    kind,
    host: provider.host.name,
    name: 'IWbemServices (WmiPrvSE.exe)',
    server: provider,
    clients: address ? [{ address }] : [],
    time: first.start,
    facts: [...startedFact(provider), ...startedFact(first)].slice(0, 2),
  })
  return result
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

/** A program that activates a class on another machine: the client's side, also where the activation failed (DCOM events 10028, 10036 …). */
function dcomClient({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const seen = new Map<ProcessNode, Detection>()
  for (const observation of graph.observations) {
    if (observation.channel.kind !== 'dcom' || observation.act !== 'activate') continue
    const process = graph.processOf(observation)
    if (!process) continue
    const target = observation.peer?.address ?? observation.peer?.host ?? observation.channel.host
    const known = seen.get(process)
    if (known) {
      known.until = Math.max(known.until, observation.time)
      continue
    }
    const unusual = isUserWritable(process.image) || isInterpreter(process)
    if (!unusual || !target || graph.hostNamed(target) === process.host) continue
    const result = describeClient(graph, process, observation, target)
    seen.set(process, result)
    found.push(result)
  }
  return found
}

function describeClient(graph: Graph, process: ProcessNode, observation: Observation, target: string): Detection {
  const failed =
    /^100(0\d|16|28|36)$/.test(observation.detail.eventId ?? '') ||
    'errorCode' in observation.detail ||
    /fail|denied|unreachable/i.test(Object.values(observation.detail).join(' '))
  const result = detection(
    'AN0628/dcom-client',
    `${nameOf(process)} ${failed ? 'tried to activate' : 'activates'} a COM class on ${target}`,
    process.host,
    observation.time,
  )
  result.processes.push(process)
  result.reasons.push({
    support: 'indicator',
    weight: 16,
    text: `${nameOf(process)} ${failed ? 'asked for a COM class on' : 'activated a COM class on'} ${target}${failed ? ', and DCOM reports that it did not succeed' : ''}.`,
    facts: [observation],
  })
  if (isUserWritable(process.image))
    result.reasons.push({
      support: 'rarity',
      weight: 14,
      text: `${process.image} lies where users can write: no administrator's tool.`,
      facts: [observation],
    })
  if (process.commandLine?.includes(target))
    result.reasons.push({
      support: 'content',
      weight: 10,
      text: `The target's address stands in its command line: ${short(process.commandLine)}`,
      facts: startedFact(process),
    })
  if (process.parent && !Number.isNaN(process.start)) {
    const line = [process.parent, process.parent.parent].filter((one): one is ProcessNode => !!one)
    const odd = line.find((one) => isUserWritable(one.image))
    result.processes.push(...line)
    if (odd)
      result.reasons.push({
        support: 'lineage',
        weight: 16,
        text: `It descends from ${odd.image}, which lies in a user-writable folder too.`,
        facts: startedFact(process),
      })
  }
  const calls = between(graph.connections, observation.time - MINUTE, observation.time + MINUTE).filter(
    (one) =>
      one.direction === 'outbound' &&
      one.remotePort === 135 &&
      plainAddress(one.remoteAddress) === plainAddress(target) &&
      graph.hostNamed(one.host) === process.host,
  )
  if (calls.length)
    result.reasons.push({
      support: 'adjacency',
      weight: 10,
      text: `${process.host.name} asked ${target} for an RPC endpoint (port 135) at that moment.`,
      facts: calls.slice(0, 3),
    })
  result.remotes.push({
    address: target,
    port: 135,
    protocol: 'tcp',
    direction: 'outbound',
    process,
    facts: [observation, ...calls.slice(0, 3)],
  })
  result.channels.push({
    kind: 'dcom',
    host: target,
    name: observation.channel.name,
    clients: [{ process }],
    time: observation.time,
    facts: [observation],
  })
  result.techniques.push(
    { id: 'T1559.001', reason: `${nameOf(process)} used COM to reach ${target}.` },
    { id: 'T1021.003', reason: `The class was asked for on another machine (${target}).` },
  )
  const there = graph.hostAt(target) ?? graph.hostNamed(target)
  if (there) result.others.push({ host: there, role: 'peer' })
  if (failed)
    result.gaps.push({
      text: `Nothing tells what the class would have been asked to do on ${target}.`,
      wouldShow: `Process creation and DCOM events of ${target}, a packet capture of the DCE/RPC traffic.`,
    })
  return result
}

/** What one process has another run for it through a local class, script moniker or elevated moniker. */
function localComExecution({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  for (const process of graph.processes.values()) {
    if (Number.isNaN(process.start) || !process.parent) continue
    const elevated =
      imageName(process.parent.image) === 'dllhost.exe' &&
      /\{(3e5fc7f9-9a51-4367-9063-a120244fbec7|3e000d72-a845-4cd9-bd83-80c07c3b881f|d2e7041b-2927-42fb-8e9f-7ce93b6dc937)\}/i.exec(
        process.parent.commandLine ?? '',
      )
    if (elevated) found.push(describeElevated(process, elevated[0]))
    else if (
      /getobject\s*\(\s*['"]?\s*script:|\bscript:https?:|scrobj(\.dll)?/i.test(process.commandLine ?? '') &&
      isInterpreter(process)
    )
      found.push(describeMoniker(process))
  }
  return found
}

function describeElevated(process: ProcessNode, appId: string): Detection {
  const broker = process.parent!
  const result = detection(
    'AN0628/elevated-moniker',
    `${nameOf(process)} started elevated by a COM class`,
    process.host,
    process.start,
  )
  result.processes.push(process, broker)
  result.reasons.push(
    {
      support: 'indicator',
      weight: 24,
      text: `The COM class ${appId.toUpperCase()} (auto-elevated, documented for UAC bypass) hosted in dllhost.exe started ${nameOf(process)}.`,
      facts: startedFact(process),
    },
    {
      support: 'lineage',
      weight: 14,
      text: `dllhost.exe is the parent of ${short(process.commandLine ?? nameOf(process))}.`,
      facts: startedFact(process),
    },
  )
  if (/high|system/i.test(process.integrity ?? ''))
    result.reasons.push({
      support: 'after',
      weight: 12,
      text: `It runs at integrity ${process.integrity}.`,
      facts: startedFact(process),
    })
  result.techniques.push(
    { id: 'T1559.001', reason: 'An elevated COM class was used to start a process.' },
    { id: 'T1548.002', reason: 'The class is auto-elevated: no consent was asked for.' },
  )
  result.channels.push({
    kind: 'com',
    host: process.host.name,
    name: appId.toUpperCase(),
    server: broker,
    clients: [],
    time: process.start,
    facts: startedFact(process),
  })
  aftermath(process, process.start, result)
  result.gaps.push({
    text: 'Which process asked for the class is not in this telemetry.',
    wouldShow: 'Microsoft-Windows-RPC or COM ETW; Sysmon event 10 (the client opens the surrogate).',
  })
  return result
}

function describeMoniker(process: ProcessNode): Detection {
  const result = detection(
    'AN0628/script-moniker',
    `${nameOf(process)} ran a scriptlet through COM`,
    process.host,
    process.start,
  )
  result.processes.push(process)
  result.reasons.push({
    support: 'indicator',
    weight: 20,
    text: `A COM script moniker or scrobj.dll stands in the command line: ${short(process.commandLine ?? '')}`,
    facts: startedFact(process),
  })
  if (process.parent && isInterpreter(process.parent)) {
    result.processes.push(process.parent)
    result.reasons.push({
      support: 'lineage',
      weight: 12,
      text: `${nameOf(process.parent)} started it.`,
      facts: startedFact(process),
    })
  }
  result.processes.push(...aftermath(process, process.start, result))
  result.techniques.push({ id: 'T1559.001', reason: 'The scriptlet is loaded as a COM object.' })
  result.channels.push({
    kind: 'com',
    host: process.host.name,
    name: 'script moniker (scrobj.dll)',
    clients: [{ process }],
    time: process.start,
    facts: startedFact(process),
  })
  return result
}

export const an0628: Analytic = {
  id: 'AN0628',
  title: 'Abuse of the Component Object Model',
  techniques: ['T1559.001'],
  platforms: ['Windows'],
  find: (context) => [
    ...dcomExecution(context),
    ...wmiExecution(context),
    ...dcomClient(context),
    ...localComExecution(context),
  ],
}

export type { Fact, HostNode }
