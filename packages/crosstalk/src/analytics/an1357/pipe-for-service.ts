// A pipe made for a service to connect to: a program serves it, installs a service whose command names it, and takes the token with which the service comes.
import type { Effect, Observation } from '../../facts/fact.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { isUserWritable, looksRandom } from '../command-content.ts'
import { accountName, aftermath, between, nameOf, short } from '../surroundings.ts'
import { effectName } from './call-effects.ts'
import { basePipe, basePipeShown, isRoutine, isWellKnown } from './pipe-names.ts'

/** The pipe is made right before the service that is to come to it. */
const MADE_BEFORE = MINUTE
/** A shorter name stands in a command by chance. */
const SHORTEST_NAME = 4

export function pipeForService({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const told = new Set<string>()
  for (const effect of graph.effects) {
    const command = commandOf(effect)
    const host = command && graph.hostNamed(effect.host, effect.time)
    if (!command || !host) continue
    const made = pipeNamedIn(graph, host, effect.time, command)
    const server = made && graph.processOf(made)
    if (!made || !server) continue
    const key = `${host.name}|${basePipe(made.channel.name)}`
    if (told.has(key)) continue
    told.add(key)
    found.push(describe(graph, host, effect, command, made, server))
  }
  return found
}

/** What a service is to run; one that spells the pipe's path is told by pipe-impersonation.ts. */
function commandOf({ what, name, detail }: Effect): string | undefined {
  const isImagePath = what === 'registry-set' && /\\services\\[^\\]+\\imagepath$/i.test(name)
  if (what !== 'service-installed' && !isImagePath) return undefined
  const command = isImagePath ? detail.Details : (detail.ImagePath ?? detail.ServiceFileName)
  return command && !/\\\\\.\\pipe\\/i.test(command) ? command : undefined
}

/** A pipe that some program, no service of Windows, made just before, and whose name stands as a word in the command. */
function pipeNamedIn(graph: Graph, host: HostNode, time: number, command: string): Observation | undefined {
  const words = new Set(command.toLowerCase().split(/[^a-z0-9_.-]+/))
  return between(graph.observations, time - MADE_BEFORE, time + SECOND).find((one) => {
    const pipe = basePipe(one.channel.name)
    return (
      one.channel.kind === 'named-pipe' &&
      one.act === 'create' &&
      pipe.length >= SHORTEST_NAME &&
      words.has(pipe) &&
      !isWellKnown(pipe) &&
      !isRoutine(pipe) &&
      !/^(system|services\.exe|svchost\.exe)$/.test(imageName(one.actor?.image)) &&
      graph.hostNamed(one.host, one.time) === host
    )
  })
}

function describe(
  graph: Graph,
  host: HostNode,
  effect: Effect,
  command: string,
  made: Observation,
  server: ProcessNode,
): Detection {
  const pipe = made.channel.name
  const shown = basePipeShown(pipe)
  const result = detection(
    'AN1357/pipe-impersonation',
    `A service was set up to connect to ${nameOf(server)}’s pipe \\${shown}`,
    host,
    made.time,
  )
  result.until = effect.time
  result.processes.push(server)
  result.reasons.push({
    support: 'indicator',
    weight: 22,
    text: `${nameOf(server)} made the pipe \\${shown}, and at once a service (${short(effectName(effect), 40)}) was installed whose command names it: ${short(command)}`,
    facts: [made, effect],
  })
  if (isUserWritable(server.image))
    result.reasons.push({
      support: 'rarity',
      weight: 14,
      text: `${server.image} lies where users can write: not installed software.`,
      facts: [made],
    })
  if (looksRandom(shown))
    result.reasons.push({
      support: 'rarity',
      weight: 10,
      text: `The pipe's name, ${shown}, is of the throw-away kind.`,
      facts: [made],
    })
  const client = addClient(graph, result, pipe, server)
  result.processes.push(...aftermath(server, made.time, result))
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: pipe,
    server,
    clients: client ? [{ process: client }] : [],
    time: made.time,
    facts: [made],
  })
  result.techniques.push(
    { id: 'T1559', reason: `A pipe (\\${shown}) carries a service's token to another process.` },
    { id: 'T1134.001', reason: 'The server of a pipe can impersonate the service that connects to it.' },
    { id: 'T1543.003', reason: `The service ${short(effectName(effect), 40)} was installed.` },
  )
  return result
}

/** Who then connected, as whom: the service, when its own process did. */
function addClient(graph: Graph, result: Detection, pipe: string, server: ProcessNode): ProcessNode | undefined {
  const connected = between(graph.observations, result.time, result.until + MINUTE).find(
    (one) =>
      one.act === 'connect' &&
      basePipe(one.channel.name) === basePipe(pipe) &&
      graph.hostNamed(one.host, one.time) === result.host &&
      graph.processOf(one) !== server,
  )
  const client = connected && graph.processOf(connected)
  if (!connected || !client) {
    result.gaps.push({
      text: `Whether the service connected to \\${basePipeShown(pipe)} was not recorded.`,
      wouldShow: 'Sysmon event 18 (pipe connected).',
    })
    return undefined
  }
  const who = accountName(graph.account(client.user)) || accountName(graph.account(connected.account ?? {}))
  const isService = imageName(client.parent?.image) === 'services.exe'
  result.processes.push(client)
  result.reasons.push({
    support: 'lineage',
    weight: isService ? 20 : 10,
    text: `${nameOf(client)}${isService ? ', the service’s process,' : ''} connected to it${who ? ` as ${who}` : ''}.`,
    facts: [connected],
  })
  return client
}
