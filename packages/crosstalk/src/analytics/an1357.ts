// AN1357 (ATT&CK DET0493): abuse of named pipes, RPC over pipes and anonymous pipes on Windows.
import type { Connection, Effect, Observation } from '../facts/fact.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode, SECOND } from '../graph/graph.ts'
import { isHostAddress } from '../graph/hosts.ts'
import { type Analytic, type AnalyticContext, type Detection, detection } from './analytic.ts'
import { contentHints, isDiscovery, isInterpreter, isUserWritable, looksRandom } from './command-content.ts'
import {
  accountName,
  aftermath,
  between,
  inbound,
  isFromOutside,
  nameOf,
  remoteLogon,
  SAME_MOMENT,
  short,
  sourceSide,
  startedFact,
} from './surroundings.ts'

/**
 * Pipes that Windows itself serves to the network, with the protocol behind them ([MS-*] documents name the well-known endpoints). A remote client
 * on one of these is routine; on another name it wants an explanation.
 */
const WELL_KNOWN = new Set([
  'lsass',
  'lsarpc',
  'samr',
  'netlogon',
  'srvsvc',
  'wkssvc',
  'svcctl',
  'ntsvcs',
  'scerpc',
  'atsvc',
  'epmapper',
  'eventlog',
  'winreg',
  'spoolss',
  'browser',
  'trkwks',
  'router',
  'initshutdown',
  'lsm_api_service',
  'tapsrv',
  'w32time_alt',
  'w32time',
  'protected_storage',
  'keysvc',
  'plugplay',
  'dav rpc service',
  'efsrpc',
  'netdfs',
  'fssagentrpc',
  'mscerpc',
  'cert',
  'dnsserver',
  'dhcpserver',
  'ssdpsrv',
  'termsrv_api_service',
  'sessenvpublicrpc',
  'msftewds',
  'winmsgwin32',
  'hydralspipe',
  'winsock2',
  'ntfrsapi',
  'frsrpc',
  'dfsrpc',
  'rpcss',
  'nsppipe',
  'llsrpc',
  'wins',
  'ipsec',
  'policyagent',
  'sql\\query',
  'mssql$',
  'windowssearch',
  'fax',
  'rcm',
  'tsproxy',
  'iisipm',
  'msmq',
  'qmmgmt',
  'openssh-ssh-agent',
  'wmimbroker',
  'smsserverping',
  'vmware-usbarbpipe',
]) // prettier-ignore

/** Names that benign software makes by the hundred, random parts included. */
const ROUTINE_PIPE =
  /^(mojo\.|chrome\.|crashpad_|edge\.|teams|msedge|winsock2\\|psh?ost\.|pshost|dotnet-diagnostic-|clr-debug-pipe|vscode-|gecko|firefox|uv\\|nodejs|docker|discord|slack|spotify|dropbox|onedrive|lrpc|ole|wer|tsvcpipe|terminal server|ctx_|citrix|vmware|vbox|adobe|acrobat|google|gupdate|nvidia|intel|lenovo|dell|hp\b|ms(sql|mq|ol)|sql\\|sqllocal|iis|aspnet|w3wp|inetinfo|wfp|pipe_eventroot|appcontracts|gfx|shellex|cpfatp|fontdrv|mypipe-[fh]|splunk|winlogbeat|qualys|tanium|cyvera|sophos|symantec|mcafee|trend|kaspersky|eset|bitdefender|sentinel|crowdstrike|carbon|mbam|defender|msmp|wazuh|osquery|nessus|veeam|backup|commvault)/i

const basePipe = (name: string) => name.replace(/^\\+/, '').toLowerCase()
const isWellKnown = (name: string) =>
  WELL_KNOWN.has(basePipe(name)) ||
  [...WELL_KNOWN].some((known) => known.length > 6 && basePipe(name).startsWith(`${known}\\`))
const isRoutine = (name: string) => ROUTINE_PIPE.test(basePipe(name))

const isRemoteConnect = (one: Observation) =>
  one.channel.kind === 'named-pipe' &&
  one.act === 'connect' &&
  (imageName(one.actor?.image) === 'system' ||
    (one.actor?.pid === 4 && !one.actor.image) ||
    isHostAddress(one.peer?.address))

/** A remote client on a pipe that no Windows service serves. */
function remotePipe({ graph }: AnalyticContext): Detection[] {
  const groups = new Map<string, Observation[]>()
  for (const one of graph.observations) {
    if (!isRemoteConnect(one) || isWellKnown(one.channel.name) || isRoutine(one.channel.name)) continue
    const host = graph.hostNamed(one.host)
    if (!host || (one.peer?.address && host.addresses.has(one.peer.address))) continue
    const key = `${host.name}|${basePipe(one.channel.name)}`
    const list = groups.get(key)
    if (list) list.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()].flatMap((group) => describeRemotePipe(graph, group) ?? [])
}

function describeRemotePipe(graph: Graph, group: Observation[]): Detection | undefined {
  const first = group[0]
  const host = graph.hostNamed(first.host)!
  const pipe = first.channel.name
  const smb = inbound(
    graph,
    host,
    first.time - 30 * SECOND,
    first.time + 30 * SECOND,
    (port) => port === 445 || port === 139,
  )
  const address = first.peer?.address ?? smb[0]?.remoteAddress
  const result = detection(
    'AN1357/remote-pipe',
    `Remote client${address ? ` ${address}` : ''} on pipe \\${basePipeShown(pipe)}`,
    host,
    first.time,
  )
  result.until = group.at(-1)!.time
  const random = looksRandom(basePipe(pipe))
  result.reasons.push({
    support: 'indicator',
    weight: random ? 24 : 14,
    text: `The pipe \\${basePipeShown(pipe)} was opened over SMB${random ? '; its name looks made by a machine' : ''}. It is none of the pipes that Windows serves to the network.`,
    facts: group.slice(0, 6),
  })
  if (address) addSmbCaller(graph, result, first, smb, address)
  else
    result.gaps.push({
      text: 'From which address the pipe was opened was not recorded.',
      wouldShow:
        'Security event 5145 (Detailed File Share auditing), Sysmon event 3 or Security event 5156 for port 445.',
    })
  const server = pipeServer(graph, host, pipe)
  if (server) {
    result.processes.push(server)
    result.reasons.push({
      support: isUserWritable(server.image) ? 'lineage' : 'adjacency',
      weight: isUserWritable(server.image) ? 18 : 6,
      text: `${server.image || nameOf(server)} serves the pipe.`,
      facts: server.observations.filter((one) => one.channel.name === pipe).slice(0, 2),
    })
    result.processes.push(...aftermath(server, first.time, result))
  } else {
    result.gaps.push({
      text: `Which process serves \\${basePipeShown(pipe)} was not recorded.`,
      wouldShow: 'Sysmon event 17 (pipe created).',
    })
    sessionsRunningThen(graph, host, first, result)
  }
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: pipe,
    server,
    clients: address ? [{ address }] : [],
    time: first.time,
    facts: group.slice(0, 6),
  })
  result.techniques.push(
    { id: 'T1559', reason: `A remote client talks to a process on ${host.name} over the named pipe ${pipe}.` },
    { id: 'T1021.002', reason: 'The pipe was reached over SMB.' },
  )
  return result.reasons.length > 1 ? result : undefined
}

const basePipeShown = (name: string) => name.replace(/^\\+/, '')

function addSmbCaller(
  graph: Graph,
  result: Detection,
  first: Observation,
  smb: readonly Connection[],
  address: string,
): void {
  const connections = smb.filter((one) => one.remoteAddress === address)
  result.reasons.push({
    support: 'remote',
    weight: 18,
    text: `${address} connected to SMB (port ${connections[0]?.localPort ?? 445}) at that moment.`,
    facts: connections.length ? connections.slice(0, 3) : [first],
  })
  result.remotes.push({
    address,
    port: connections[0]?.remotePort ?? first.peer?.port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: connections.length ? connections.slice(0, 3) : [first],
  })
  remoteLogon(graph, result, first.time - 2 * MINUTE, first.time + MINUTE, address)
  if (!connections.length) return
  const caller = sourceSide(graph, result, connections[0])
  if (caller) result.processes.push(caller)
}

function pipeServer(graph: Graph, host: HostNode, pipe: string): ProcessNode | undefined {
  return graph.channels.get(`named-pipe:${host.name}:${pipe}`.toLowerCase())?.server
}

/** Nobody tells who serves the pipe: what began to run within half a minute and takes its input from elsewhere is the best that can be said. */
function sessionsRunningThen(graph: Graph, host: HostNode, first: Observation, result: Detection): void {
  const window = [...graph.processes.values()].filter(
    (one) => one.host === host && one.start >= first.time - SAME_MOMENT && one.start <= first.time + MINUTE,
  )
  const shells = window.filter(
    (one) => isInterpreter(one) && (contentHints(one).length > 0 || one.children.some(isDiscovery)),
  )
  for (const shell of shells.slice(0, 3)) {
    result.reasons.push({
      support: 'after',
      weight: 18,
      text: `${Math.round((shell.start - first.time) / SECOND)} s later ${nameOf(shell)} started: ${short(shell.commandLine ?? '')}`,
      facts: startedFact(shell),
    })
    result.processes.push(shell, ...(shell.parent ? [shell.parent] : []), ...aftermath(shell, first.time, result))
    result.until = Math.max(result.until, shell.start)
  }
  if (shells.length)
    result.assumptions.push(
      `That ${shells.map(nameOf).join(', ')} answer${shells.length === 1 ? 's' : ''} on the pipe is inferred from time alone; no event ties them together.`,
    )
}

/** A throw-away service writes to a pipe, so that its SYSTEM token can be impersonated by the pipe's server (ImpersonateNamedPipeClient). */
function pipeImpersonation({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const done = new Set<ProcessNode>()
  const PIPE = /\\\\\.\\pipe\\([^\s"'&|<>]+)/i
  for (const process of graph.processes.values()) {
    const match = PIPE.exec(process.commandLine ?? '')
    if (
      !match ||
      done.has(process) ||
      imageName(process.parent?.image) !== 'services.exe' ||
      !/\becho\b|>/.test(process.commandLine ?? '')
    )
      continue
    done.add(process)
    found.push(describeImpersonation(graph, process, match[1]))
  }
  for (const effect of graph.effects) {
    const text = effect.detail.ImagePath ?? effect.detail.ServiceFileName ?? effect.detail.Details ?? ''
    const match = PIPE.exec(text)
    const host = graph.hostNamed(effect.host)
    if (
      !match ||
      !host ||
      !/\becho\b/i.test(text) ||
      found.some((one) => one.host === host && one.title.includes(match[1]))
    )
      continue
    found.push(describeServiceToPipe(graph, host, effect, match[1], text))
  }
  return found
}

function serviceEffects(graph: Graph, host: HostNode, name: string, from: number, to: number): Effect[] {
  const lower = name.toLowerCase()
  return between(graph.effects, from, to).filter(
    (one) =>
      graph.hostNamed(one.host) === host &&
      (one.name.toLowerCase().includes(lower) ||
        Object.values(one.detail).some((value) => value.toLowerCase().includes(lower))),
  )
}

function describeImpersonation(graph: Graph, process: ProcessNode, pipe: string): Detection {
  const { host } = process
  const result = detection(
    'AN1357/pipe-impersonation',
    `services.exe had ${nameOf(process)} write to the pipe \\${pipe}`,
    host,
    process.start,
  )
  result.processes.push(process, process.parent!)
  result.reasons.push(
    {
      support: 'indicator',
      weight: 24,
      text: `A service ran ${short(process.commandLine ?? '')}: a command whose only work is to connect to a pipe.`,
      facts: startedFact(process),
    },
    {
      support: 'lineage',
      weight: 20,
      text: `services.exe is its parent, so it ran as ${accountName(process.user) || 'a service account'}: the pipe's server can take that token.`,
      facts: startedFact(process),
    },
  )
  if (looksRandom(pipe) || pipe.length <= 8)
    result.reasons.push({
      support: 'rarity',
      weight: 10,
      text: `The pipe's name, ${pipe}, is of the throw-away kind.`,
      facts: startedFact(process),
    })
  addServiceLife(graph, result, pipe, process.start)
  finishImpersonation(graph, result, pipe, process)
  return result
}

function addServiceLife(graph: Graph, result: Detection, pipe: string, time: number): void {
  const effects = serviceEffects(graph, result.host, pipe, time - MINUTE, time + MINUTE)
  if (!effects.length) return
  result.reasons.push({
    support: 'before',
    weight: 16,
    text: `A service that names the pipe was set up for it (${effects[0].name}).`,
    facts: effects.slice(0, 6),
  })
  const undone = effects
    .filter((one) => one.time > time && /start$/i.test(one.name) && /0x0*4\b/.test(one.detail.Details ?? ''))
    .concat(effects.filter((one) => /deleteflag$/i.test(one.name)))
  if (undone.length)
    result.reasons.push({
      support: 'after',
      weight: 12,
      text: 'The service was disabled or marked for deletion at once: it served one time.',
      facts: undone.slice(0, 3),
    })
}

function finishImpersonation(graph: Graph, result: Detection, pipe: string, client: ProcessNode): void {
  const server = pipeServer(graph, result.host, `\\${pipe}`) ?? pipeServer(graph, result.host, pipe)
  if (server) {
    result.processes.push(server)
    result.reasons.push({
      support: 'lineage',
      weight: 16,
      text: `${server.image || nameOf(server)} serves the pipe, as ${accountName(server.user) || 'an account that was not recorded'}.`,
      facts: server.observations.slice(0, 2),
    })
    result.processes.push(...aftermath(server, result.time, result))
  } else
    result.gaps.push({
      text: `Which process served the pipe \\${pipe}, and so received the token, was not recorded.`,
      wouldShow: 'Sysmon events 17 and 18 (pipe created, pipe connected).',
    })
  result.channels.push({
    kind: 'named-pipe',
    host: result.host.name,
    name: `\\${pipe}`,
    server,
    clients: [{ process: client }],
    time: result.time,
    facts: startedFact(client),
  })
  result.techniques.push(
    { id: 'T1559', reason: `A pipe (\\${pipe}) carries a privileged client's token to another process.` },
    { id: 'T1134.001', reason: 'A privileged service connects to a pipe whose server can impersonate it.' },
  )
}

function describeServiceToPipe(graph: Graph, host: HostNode, effect: Effect, pipe: string, text: string): Detection {
  const result = detection(
    'AN1357/pipe-impersonation',
    `A service on ${host.name} was set to write to the pipe \\${pipe}`,
    host,
    effect.time,
  )
  result.reasons.push(
    {
      support: 'indicator',
      weight: 24,
      text: `The service ${effect.name} runs ${short(text)}: a command whose only work is to connect to a pipe.`,
      facts: [effect],
    },
    {
      support: 'content',
      weight: 14,
      text: 'A command shell that echoes into a pipe is no service: it fails at once, as it is meant to.',
      facts: [effect],
    },
  )
  if (looksRandom(pipe))
    result.reasons.push({
      support: 'rarity',
      weight: 10,
      text: `The pipe's name, ${pipe}, is of the throw-away kind.`,
      facts: [effect],
    })
  addServiceLife(graph, result, pipe, effect.time)
  const actor = graph.processOf(effect)
  if (actor) result.processes.push(actor)
  result.gaps.push({
    text: `Whether the service ran, and which process served \\${pipe}, was not recorded.`,
    wouldShow: 'Sysmon events 1, 17 and 18; Security event 4688 with command lines.',
  })
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: `\\${pipe}`,
    clients: [],
    time: effect.time,
    facts: [effect],
  })
  result.techniques.push(
    { id: 'T1559', reason: `The service's command connects to the pipe \\${pipe}.` },
    { id: 'T1134.001', reason: 'The pattern gives the pipe server a SYSTEM token.' },
  )
  return result
}

/** Distinct well-known pipes opened by remote clients within a few seconds: somebody asks what there is. */
const SWEEP_PIPES = 8
const SWEEP_WINDOW = 10 * SECOND

function pipeSweep({ graph }: AnalyticContext): Detection[] {
  const byEnd = new Map<string, Observation[]>()
  for (const one of graph.observations) {
    if (!isRemoteConnect(one) || !isWellKnown(one.channel.name)) continue
    const key = `${graph.hostNamed(one.host)?.name}|${one.peer?.address ?? ''}|${one.account?.logonId ?? ''}`
    const list = byEnd.get(key)
    if (list) list.push(one)
    else byEnd.set(key, [one])
  }
  const found: Detection[] = []
  for (const list of byEnd.values()) {
    const burst = densest(list)
    if (burst) found.push(describeSweep(graph, burst))
  }
  return found
}

/** The window with the most distinct names, when there are enough of them. Linear: two pointers over time order. */
function densest(list: readonly Observation[]): Observation[] | undefined {
  const counts = new Map<string, number>()
  let from = 0
  let best: [number, number] | undefined
  let most = SWEEP_PIPES - 1
  for (let to = 0; to < list.length; to++) {
    const name = basePipe(list[to].channel.name)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    while (list[to].time - list[from].time > SWEEP_WINDOW) {
      const gone = basePipe(list[from++].channel.name)
      const left = counts.get(gone)! - 1
      if (left) counts.set(gone, left)
      else counts.delete(gone)
    }
    if (counts.size > most) {
      most = counts.size
      best = [from, to]
    }
  }
  return best && list.slice(best[0], best[1] + 1)
}

function describeSweep(graph: Graph, burst: Observation[]): Detection {
  const first = burst[0]
  const host = graph.hostNamed(first.host)!
  const names = [...new Set(burst.map((one) => basePipeShown(one.channel.name)))]
  const seconds = Math.max(1, Math.round((burst.at(-1)!.time - first.time) / SECOND))
  const smb = inbound(
    graph,
    host,
    first.time - 30 * SECOND,
    first.time + 30 * SECOND,
    (port) => port === 445 || port === 139,
  )
  const address = first.peer?.address ?? smb[0]?.remoteAddress
  const result = detection(
    'AN1357/pipe-sweep',
    `${names.length} pipes of ${host.name} opened over SMB in ${seconds} s`,
    host,
    first.time,
  )
  result.until = burst.at(-1)!.time
  result.reasons.push(
    {
      support: 'indicator',
      weight: 20,
      text: `A remote client opened ${names.length} different pipes within ${seconds} s: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' …' : ''}.`,
      facts: burst.slice(0, 40),
    },
    {
      support: 'adjacency',
      weight: 16,
      text: 'They follow one another at a machine’s pace, through services that have nothing to do with each other: RPC endpoints are being tried out.',
      facts: [first, burst.at(-1)!],
    },
    {
      support: 'rarity',
      weight: 10,
      text: `Ordinary clients open one to three of these pipes at a time; ${burst.length} opens in ${seconds} s stand out.`,
      facts: [first],
    },
  )
  if (address) addSmbCaller(graph, result, first, smb, address)
  else
    result.gaps.push({
      text: 'From which address the pipes were opened, and under which account, was not recorded.',
      wouldShow:
        'Security event 5145 (Detailed File Share auditing) and 4624; Sysmon event 3 or Security event 5156 for port 445.',
    })
  for (const name of names.slice(0, 40)) {
    const of = burst.filter((one) => basePipeShown(one.channel.name) === name)
    result.channels.push({
      kind: 'named-pipe',
      host: host.name,
      name: of[0].channel.name,
      server: pipeServer(graph, host, of[0].channel.name),
      clients: address ? [{ address }] : [],
      time: of[0].time,
      facts: of.slice(0, 3),
    })
  }
  result.techniques.push(
    { id: 'T1559', reason: `${names.length} pipes were opened over IPC$ in one go.` },
    { id: 'T1046', reason: 'Which services answer on which pipe is what such a sweep finds out.' },
  )
  result.gaps.push({
    text: 'What was asked over the pipes (interface and operation) is not in these events.',
    wouldShow: 'Zeek dce_rpc.log or a packet capture; RPC Firewall; Microsoft-Windows-RPC ETW.',
  })
  return result
}

/** A program in a user-writable folder that makes pipes for the shells it starts: how implants read their children's output. */
function implantPipes({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  for (const process of graph.processes.values()) {
    if (!isUserWritable(process.image)) continue
    const anonymous = process.observations.filter((one) => one.channel.kind === 'anonymous-pipe')
    const shells = process.children.filter((child) => isInterpreter(child))
    if (!anonymous.length || !shells.length) continue
    found.push(describeImplant(process, anonymous, shells))
  }
  return found
}

function describeImplant(process: ProcessNode, pipes: Observation[], shells: ProcessNode[]): Detection {
  const first = shells[0]
  const result = detection(
    'AN1357/implant-pipes',
    `${nameOf(process)} runs commands through anonymous pipes`,
    process.host,
    Math.min(pipes[0].time, first.start),
  )
  result.until = shells.at(-1)!.start
  result.processes.push(process, ...shells)
  result.reasons.push(
    {
      support: 'indicator',
      weight: 12,
      text: `${nameOf(process)} made anonymous pipes, as a program does that reads what its children print.`,
      facts: pipes.slice(0, 4),
    },
    {
      support: 'lineage',
      weight: 20,
      text: `It started ${nameOf(first)}: ${short(first.commandLine ?? 'command line not recorded')}`,
      facts: shells.flatMap(startedFact).slice(0, 4),
    },
    {
      support: 'rarity',
      weight: 12,
      text: `${process.image} lies where users can write: not installed software.`,
      facts: pipes.slice(0, 1),
    },
  )
  const near = pipes.filter((one) => Math.abs(one.time - first.start) < SAME_MOMENT)
  if (near.length)
    result.reasons.push({
      support: 'adjacency',
      weight: 10,
      text: `The pipes came within ${SAME_MOMENT / SECOND} s of the child.`,
      facts: near.slice(0, 4),
    })
  for (const shell of shells) result.processes.push(...aftermath(shell, shell.start, result), ...shell.children)
  const odd = shells.flatMap((shell) => shell.children).filter((child) => isUserWritable(child.image))
  if (odd.length)
    result.reasons.push({
      support: 'after',
      weight: 12,
      text: `The shell ran ${odd.map(nameOf).join(', ')}, from a user-writable folder too: ${short(odd[0].commandLine ?? '')}`,
      facts: odd.flatMap(startedFact).slice(0, 4),
    })
  const outward = process.connections.filter((one) => one.direction === 'outbound')
  if (outward.length) {
    result.reasons.push({
      support: 'remote',
      weight: 12,
      text: `${nameOf(process)} has a connection to ${outward[0].remoteAddress}:${outward[0].remotePort}.`,
      facts: outward.slice(0, 4),
    })
    result.remotes.push({
      address: outward[0].remoteAddress,
      port: outward[0].remotePort,
      protocol: outward[0].protocol,
      direction: 'outbound',
      process,
      facts: outward.slice(0, 4),
    })
  }
  result.channels.push({
    kind: 'anonymous-pipe',
    host: process.host.name,
    name: pipes[0].channel.name,
    server: process,
    clients: shells.slice(0, 4).map((shell) => ({ process: shell })),
    time: pipes[0].time,
    facts: pipes.slice(0, 4),
  })
  result.techniques.push({ id: 'T1559', reason: `${nameOf(process)} talks to its shells over anonymous pipes.` })
  if (!outward.length)
    result.gaps.push({
      text: `With whom ${nameOf(process)} talks over the network was not recorded.`,
      wouldShow: 'Sysmon event 3, Security event 5156, proxy or Zeek logs.',
    })
  if (Number.isNaN(process.start))
    result.gaps.push({
      text: `How ${nameOf(process)} came to run lies before this telemetry.`,
      wouldShow: 'Earlier Sysmon event 1 or Security event 4688 of this host.',
    })
  return result
}

export const an1357: Analytic = {
  id: 'AN1357',
  title: 'Abuse of named and anonymous pipes',
  techniques: ['T1559'],
  platforms: ['Windows'],
  find: (context) => [
    ...remotePipe(context),
    ...pipeImpersonation(context),
    ...pipeSweep(context),
    ...implantPipes(context),
  ],
}

export { basePipe, isFromOutside, isWellKnown }
