// AN1358 (ATT&CK DET0493, Linux) and AN0948, AN1359 (DET0335 and DET0493, macOS): channels of Unix used to have code run. A name in a command line says little;
// where it lies, whose descendant names it, and what runs and talks over the network beside it say more.
import type { Observation } from '../facts/fact.ts'
import type { Graph } from '../graph/graph.ts'
import { type Analytic, type AnalyticContext, type Detection, detection } from './analytic.ts'
import { channelEnds } from './channel-ends.ts'
import { isInterpreter } from './command-content.ts'
import { kernelObjects } from './kernel-objects.ts'
import { ownSession } from './own-session.ts'
import { aftermath, nameOf, short } from './surroundings.ts'
import { bridge, lineage, neighbours } from './unix-surroundings.ts'

interface Pattern {
  name: string
  kind: Observation['channel']['kind']
  platform: 'Linux' | 'macOS'
  /** what makes an observation worth a look, and how much of one */
  weigh(one: Observation): { weight: number; text: string } | undefined
  technique: string
}

const SHARED_FOLDER = /^(\/private)?\/(tmp|var\/tmp|dev\/shm|run\/user\/\d+)\//
const CONTROL_SOCKET = /(docker|containerd|crio|podman|snapd|kubelet|lxd\/unix)[\w./-]*\.sock(et)?$/i
const PRIVILEGED_BUS = /^org\.freedesktop\.(systemd1|PolicyKit1|Accounts|PackageKit|login1|NetworkManager|UDisks2)$/

const PATTERNS: readonly Pattern[] = [
  {
    name: 'fifo-shell',
    kind: 'fifo',
    platform: 'Linux',
    technique: 'T1559',
    weigh: ({ channel }) =>
      SHARED_FOLDER.test(channel.name)
        ? { weight: 16, text: `The FIFO ${channel.name} was made where everybody can write.` }
        : undefined,
  },
  {
    name: 'control-socket',
    kind: 'unix-socket',
    platform: 'Linux',
    technique: 'T1559',
    weigh: ({ channel, act, detail }) => {
      if (CONTROL_SOCKET.test(channel.name))
        return {
          weight: 20,
          text: `The control socket ${channel.name} was spoken to by hand: whoever may do that can start anything as root.`,
        }
      if (SHARED_FOLDER.test(channel.name) && (act === 'listen' || detail.does === 'listen'))
        return { weight: 14, text: `A command listens on the socket ${channel.name}, where everybody can connect.` }
      if (channel.name.startsWith('@'))
        return { weight: 12, text: `The abstract socket ${channel.name} leaves no file.` }
      return undefined
    },
  },
  {
    name: 'dbus-call',
    kind: 'dbus',
    platform: 'Linux',
    technique: 'T1559',
    weigh: ({ channel }) =>
      PRIVILEGED_BUS.test(channel.name)
        ? { weight: 14, text: `${channel.name}, a privileged service, was called over D-Bus by hand.` }
        : undefined,
  },
  {
    name: 'ptrace-attach',
    kind: 'ptrace',
    platform: 'Linux',
    technique: 'T1559',
    weigh: ({ channel }) => ({
      weight: 14,
      text: `A tool attached to process ${channel.name}: it can read and change its memory.`,
    }),
  },
  {
    name: 'xpc-service',
    kind: 'xpc',
    platform: 'macOS',
    technique: 'T1559.003',
    weigh: ({ channel, detail }) =>
      SHARED_FOLDER.test(channel.name) || /^\/Users\//.test(channel.name) || detail.does === 'register'
        ? { weight: 16, text: `An XPC or launchd service was registered from ${channel.name}.` }
        : undefined,
  },
  {
    name: 'apple-event',
    kind: 'apple-event',
    platform: 'macOS',
    technique: 'T1559',
    weigh: ({ channel }) => ({
      weight: /^(System Events|Terminal|Keychain Access|Mail|Finder|Safari|Google Chrome)$/i.test(channel.name)
        ? 14
        : 8,
      text: `A script sends Apple events to ${channel.name}.`,
    }),
  },
]

function unixChannels(context: AnalyticContext): Detection[] {
  const { graph } = context
  const named = PATTERNS.flatMap((pattern) =>
    bySession(graph, pattern).flatMap((group) => describe(graph, pattern, group) ?? []),
  )
  return [...named, ...kernelObjects(context)]
}

/** Observations of one process, or of one parent's children within a minute, tell one story. */
function bySession(graph: Graph, pattern: Pattern): Observation[][] {
  const groups = new Map<string, Observation[]>()
  for (const one of graph.observations) {
    if (one.channel.kind !== pattern.kind || !pattern.weigh(one)) continue
    const process = graph.processOf(one)
    const owner = process?.parent && isInterpreter(process.parent) ? process.parent : process
    const key = `${one.host}|${owner?.key ?? one.channel.name}`
    const list = groups.get(key)
    if (list) list.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}

function describe(graph: Graph, pattern: Pattern, group: Observation[]): Detection | undefined {
  const first = group[0]
  const host = graph.hostNamed(first.host, first.time)
  const process = graph.processOf(first)
  if (!host || !process) return undefined
  const id = pattern.platform === 'Linux' ? 'AN1358' : pattern.kind === 'xpc' ? 'AN0948' : 'AN1359'
  const said = pattern.weigh(first)!
  const result = detection(
    `${id}/${pattern.name}`,
    `${nameOf(process)}: ${pattern.kind} ${short(first.channel.name, 60)}`,
    host,
    first.time,
  )
  result.until = group.at(-1)!.time
  result.processes.push(process)
  result.reasons.push({ support: 'indicator', weight: said.weight, text: said.text, facts: group.slice(0, 4) })
  bridge(process, result)
  lineage(process, result)
  result.processes.push(...aftermath(process, first.time, result))
  neighbours(process, result)
  ownSession(graph, process, result)
  result.techniques.push({
    id: pattern.technique,
    reason: `${nameOf(process)} used the ${pattern.kind} ${short(first.channel.name, 60)}.`,
  })
  if (isInterpreter(process) || isInterpreter(process.parent ?? process))
    result.techniques.push({
      id: pattern.platform === 'macOS' && pattern.kind === 'apple-event' ? 'T1059.002' : 'T1059.004',
      reason: `A shell did it: ${short(process.commandLine ?? process.image)}`,
    })
  for (const one of group.slice(0, 10)) result.channels.push(channelEnds(graph, host, one))
  if (result.channels.some(({ server, clients }) => clients.length + Number(server !== undefined) > 1)) return result
  const isCommand = group.every((one) => one.act === 'refer')
  result.gaps.push({
    text: isCommand
      ? 'Who is at the other end of the channel is not in these events: they show the command, not the call.'
      : 'Who is at the other end of the channel is not in these events: no call on it from there was recorded.',
    wouldShow:
      pattern.platform === 'Linux'
        ? 'auditd rules for connect, bind, mq_open, shmget and ptrace (crosstalk coverage --configure writes them).'
        : 'Endpoint Security events xpc_connect, get_task, uipc_connect (eslogger).',
  })
  return result
}

export const unixChannelsAnalytic: Analytic = {
  id: 'AN1358',
  title: 'Abuse of Unix sockets, FIFOs, queues, shared memory, D-Bus, ptrace, XPC and Apple events',
  techniques: ['T1559', 'T1559.003'],
  platforms: ['Linux', 'macOS'],
  find: unixChannels,
}
