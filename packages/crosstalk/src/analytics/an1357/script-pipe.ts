// Two scripts that talk over a pipe of their own: one serves it, one opens it, here or on another machine. Only their texts were recorded.
import type { Observation } from '../../facts/fact.ts'
import { type Graph, MINUTE } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { accountName, nameOf } from '../surroundings.ts'
import { basePipe, basePipeShown, isRoutine, isWellKnown } from './pipe-names.ts'

/** Both ends are started by hand or by one tool: minutes lie between them. */
const TOGETHER = 30 * MINUTE

export function scriptPipe({ graph }: AnalyticContext): Detection[] {
  const byName = Map.groupBy(graph.observations.filter(isStream), (one) => basePipe(one.channel.name))
  return [...byName.values()].flatMap((named) => {
    const server = named.find((one) => one.detail.class === 'NamedPipeServerStream')
    const clients = named.filter(
      (one) => one.detail.class === 'NamedPipeClientStream' && server && Math.abs(one.time - server.time) <= TOGETHER,
    )
    return server && clients.length ? (describe(graph, server, clients) ?? []) : []
  })
}

const isStream = ({ channel, act, detail }: Observation): boolean =>
  channel.kind === 'named-pipe' &&
  act === 'refer' &&
  detail.class !== undefined &&
  !isWellKnown(channel.name) &&
  !isRoutine(channel.name)

function describe(graph: Graph, server: Observation, clients: readonly Observation[]): Detection | undefined {
  const host = graph.hostNamed(server.host, server.time)
  const [client] = clients
  const other = graph.hostNamed(client.host, client.time)
  if (!host || !other) return undefined
  const pipe = basePipeShown(server.channel.name)
  const result = detection(
    'AN1357/script-pipe',
    `Scripts talk over the pipe \\${pipe}, served on ${host.name}`,
    host,
    Math.min(server.time, client.time),
  )
  result.until = Math.max(server.time, clients.at(-1)!.time)
  const serving = graph.processOf(server)
  const calling = graph.processOf(client)
  for (const process of [serving, calling]) if (process) result.processes.push(process)
  const by = (one: Observation) => {
    const who = accountName(graph.account(one.account ?? {}))
    const process = graph.processOf(one)
    return `${process?.image ? nameOf(process) : 'PowerShell'}${who ? ` of ${who}` : ''}`
  }
  result.reasons.push(
    {
      support: 'indicator',
      weight: 16,
      text: `On ${host.name}, a script in ${by(server)} serves the pipe \\${pipe}.`,
      facts: [server],
    },
    {
      support: 'adjacency',
      weight: 14,
      text: `On ${other.name}, a script in ${by(client)} opens a pipe of that name${client.peer?.host ? ` on ${client.peer.host}` : ''}.`,
      facts: clients.slice(0, 4),
    },
  )
  if (client.peer?.host && graph.hostNamed(client.peer.host, client.time) === host && other !== host)
    result.reasons.push({
      support: 'remote',
      weight: 14,
      text: `The script on ${other.name} names ${host.name}: it talks to another machine.`,
      facts: [client],
    })
  if (other !== host) result.others.push({ host: other, role: 'source' })
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: server.channel.name,
    server: serving,
    clients: calling ? [{ process: calling }] : [],
    time: server.time,
    facts: [server, ...clients.slice(0, 3)],
  })
  result.techniques.push(
    { id: 'T1559', reason: `Two scripts talk over the named pipe ${pipe}.` },
    { id: 'T1059.001', reason: 'The pipe is made and opened by PowerShell.' },
  )
  result.gaps.push({
    text: `Whether the two met, and what was said, is not in the scripts’ texts.`,
    wouldShow:
      'Sysmon events 17 and 18; Security event 5145 where the client is on another machine; transcription of PowerShell.',
  })
  return result
}
