// A remote client on a pipe that no Windows service serves.
import type { Observation } from '../../facts/fact.ts'
import { type Graph, type HostNode, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { contentHints, isDiscovery, isInterpreter, isUserWritable, looksRandom } from '../command-content.ts'
import { aftermath, nameOf, SAME_MOMENT, short, startedFact } from '../surroundings.ts'
import { basePipe, basePipeShown, isRemoteConnect, isRoutine, isWellKnown, pipeServer } from './pipe-names.ts'
import { addSmbCaller, smbAround } from './smb-caller.ts'

/** A remote client on a pipe that no Windows service serves. */
export function remotePipe({ graph }: AnalyticContext): Detection[] {
  const groups = new Map<string, Observation[]>()
  for (const one of graph.observations) {
    if (!isRemoteConnect(one) || isWellKnown(one.channel.name) || isRoutine(one.channel.name)) continue
    const host = graph.hostNamed(one.host, one.time)
    if (!host || (one.peer?.address && graph.hostAt(one.peer.address, one.time) === host)) continue
    const key = `${host.name}|${basePipe(one.channel.name)}`
    const list = groups.get(key)
    if (list) list.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()].flatMap((group) => describeRemotePipe(graph, group) ?? [])
}

/** `\\host/pipe/name` passes for a machine's name, and Windows opens `\\host\pipe\name\pipe\spoolss` there (itm4n, "PrintSpoofer", 2020). */
const isLure = (pipe: string): boolean => /.\\pipe\\[^\\]+$/i.test(pipe)

function describeRemotePipe(graph: Graph, group: Observation[]): Detection | undefined {
  const first = group[0]
  const host = graph.hostNamed(first.host, first.time)!
  const pipe = first.channel.name
  const server = pipeServer(graph, host, pipe)
  const around = smbAround(graph, host, first)
  const lured = isLure(pipe) && !around.address
  const { smb, address } = around
  const result = detection(
    'AN1357/remote-pipe',
    lured
      ? `${server ? nameOf(server) : 'A process'} had the machine connect to its pipe \\${basePipeShown(pipe)}`
      : `${address ? `Remote client ${address}` : 'A client over SMB'} on pipe \\${basePipeShown(pipe)}`,
    host,
    first.time,
  )
  result.until = group.at(-1)!.time
  const random = looksRandom(basePipe(pipe)) && !SYSTEM_NAMES.test(`\\${basePipe(pipe)}.exe`)
  result.reasons.push({
    support: 'indicator',
    weight: random ? 24 : 14,
    text: lured
      ? `The machine itself (System) opened the pipe \\${basePipeShown(pipe)}: a path to which a service is sent that was told to report to a machine named like a path. Who serves it takes the token that the service comes with.`
      : `The pipe \\${basePipeShown(pipe)} was opened over SMB${random ? '; its name looks made by a machine' : ''}. It is none of the pipes that Windows serves to the network.`,
    facts: group.slice(0, 6),
  })
  if (address) addSmbCaller(graph, result, first, smb, address)
  else if (!lured)
    result.gaps.push({
      text: 'From which address the pipe was opened was not recorded.',
      wouldShow:
        'Security event 5145 (Detailed File Share auditing), Sysmon event 3 or Security event 5156 for port 445.',
    })
  if (server) {
    result.processes.push(server)
    result.reasons.push({
      support: isUserWritable(server.image) ? 'lineage' : 'adjacency',
      weight: isUserWritable(server.image) ? 18 : 6,
      text: `${server.image || nameOf(server)} serves the pipe.`,
      facts: server.observations.filter((one) => one.channel.name === pipe).slice(0, 2),
    })
    oddServer(server, server.observations.filter((one) => one.channel.name === pipe).slice(0, 2), result)
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
  if (lured)
    result.techniques.push(
      { id: 'T1559', reason: `A service of ${host.name} was led to the named pipe ${pipe}.` },
      { id: 'T1134.001', reason: 'The server of a pipe can take the token of its client.' },
    )
  else
    result.techniques.push(
      { id: 'T1559', reason: `A client over SMB talks to a process on ${host.name} over the named pipe ${pipe}.` },
      { id: 'T1021.002', reason: 'The pipe was reached over SMB.' },
    )
  return result.reasons.length > 1 ? result : undefined
}

const fromThen = (time: number): string => {
  const seconds = Math.round(time / SECOND)
  return seconds < 0 ? `${-seconds} s before` : `${seconds} s later`
}

/** Programs of System32 whose names pass for a service's anywhere. */
const SYSTEM_NAMES = /\\(svchost|services|lsass|csrss|smss|wininit|winlogon|spoolsv|taskhostw?|dllhost)\.exe$/i

function oddServer(server: ProcessNode, facts: Observation[], result: Detection): void {
  if (SYSTEM_NAMES.test(server.image) && !/\\(system32|syswow64)\\[^\\]+$/i.test(server.image)) {
    result.reasons.push({
      support: 'rarity',
      weight: 18,
      text: `${server.image} has the name of a Windows program and lies elsewhere.`,
      facts,
    })
    result.techniques.push({ id: 'T1036.005', reason: `${server.image} passes for a Windows program.` })
  }
  const isSystem = (process: ProcessNode) =>
    process.user.sid === 'S-1-5-18' || /^(system|système|sistema)$/i.test(process.user.name ?? '')
  const raised = !server.user.name || isSystem(server) ? [] : server.children.filter(isSystem)
  if (!raised.length) return
  result.processes.push(...raised.slice(0, 3))
  result.reasons.push({
    support: 'after',
    weight: 20,
    text: `${nameOf(raised[0])}, which ${nameOf(server)} started, runs as SYSTEM, and ${nameOf(server)} does not: it has a token that came through a pipe.`,
    facts: raised.flatMap(startedFact).slice(0, 3),
  })
  if (!result.techniques.some(({ id }) => id === 'T1134.001'))
    result.techniques.push({ id: 'T1134.001', reason: 'The server of a pipe can take the token of its client.' })
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
      text: `${fromThen(shell.start - first.time)} ${nameOf(shell)} started: ${short(shell.commandLine ?? '')}`,
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
