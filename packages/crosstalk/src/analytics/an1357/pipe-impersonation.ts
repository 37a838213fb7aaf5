// A privileged client is made to connect to a pipe, so that the pipe’s server can take its token (ImpersonateNamedPipeClient).
import type { Effect } from '../../facts/fact.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { looksRandom } from '../command-content.ts'
import { accountName, aftermath, between, nameOf, short, startedFact } from '../surroundings.ts'
import { pipeServer } from './pipe-names.ts'

/** A throw-away service writes to a pipe, so that its SYSTEM token can be impersonated by the pipe's server (ImpersonateNamedPipeClient). */
export function pipeImpersonation({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const done = new Set<ProcessNode>()
  const PIPE = /\\\\\.\\pipe\\([^\s"'&|<>]+)/i
  for (const process of graph.processes.values()) {
    const match = PIPE.exec(process.commandLine ?? '')
    if (!match || done.has(process) || !/\becho\b|>/.test(process.commandLine ?? '')) continue
    if (imageName(process.parent?.image) !== 'services.exe' && !isEchoOfName(process)) continue
    done.add(process)
    found.push(describeImpersonation(graph, process, match[1]))
  }
  for (const effect of graph.effects) {
    const text = effect.detail.ImagePath ?? effect.detail.ServiceFileName ?? effect.detail.Details ?? ''
    const match = PIPE.exec(text)
    const host = graph.hostNamed(effect.host, effect.time)
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

/** `echo NAME > \\\\.\\pipe\\NAME` by the machine's own account, where its parent was not recorded: the text is of no use but to connect. */
const isEchoOfName = (process: ProcessNode): boolean => {
  const echo = /\becho\s+(\S+)\s*>\s*\\\\\.\\pipe\\(\S+)/i.exec(process.commandLine ?? '')
  const isSystem = process.user.sid === 'S-1-5-18' || /^system$/i.test(process.user.name ?? '')
  return !process.parent?.image && isSystem && echo !== null && echo[1].toLowerCase() === echo[2].toLowerCase()
}

function serviceEffects(graph: Graph, host: HostNode, name: string, from: number, to: number): Effect[] {
  const lower = name.toLowerCase()
  return between(graph.effects, from, to).filter(
    (one) =>
      graph.hostNamed(one.host, one.time) === host &&
      (one.name.toLowerCase().includes(lower) ||
        Object.values(one.detail).some((value) => value.toLowerCase().includes(lower))),
  )
}

function describeImpersonation(graph: Graph, process: ProcessNode, pipe: string): Detection {
  const { host } = process
  const services = process.parent?.image ? process.parent : undefined
  const result = detection(
    'AN1357/pipe-impersonation',
    services
      ? `services.exe had ${nameOf(process)} write to the pipe \\${pipe}`
      : `${nameOf(process)} writes to the pipe \\${pipe} as ${accountName(graph.account(process.user))}`,
    host,
    process.start,
  )
  result.processes.push(process, ...(services ? [services] : []))
  result.reasons.push(
    {
      support: 'indicator',
      weight: 24,
      text: `${services ? 'A service ran' : 'The machine’s own account ran'} ${short(process.commandLine ?? '')}: a command whose only work is to connect to a pipe.`,
      facts: startedFact(process),
    },
    {
      support: 'lineage',
      weight: services ? 20 : 12,
      text: `${services ? 'services.exe is its parent, so it ran' : 'It ran'} as ${accountName(graph.account(process.user)) || 'a service account'}: the pipe's server can take that token.`,
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
  const server = pipeServer(graph, result.host, pipe)
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
    name: pipe,
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
    name: pipe,
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
