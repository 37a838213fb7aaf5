// Windows's own tools that name another machine (sc, schtasks, reg), and what happened there at that moment: both ends of one call, without a record of the pipe.
import type { Effect, Fact, Observation } from '../../facts/fact.ts'
import { ancestors, type Graph, type HostNode, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type Detection, detection } from '../analytic.ts'
import { contentHints, isUserWritable } from '../command-content.ts'
import { droppedFiles } from '../dropped-files.ts'
import { accountName, between, nameOf, remoteLogon, short, startedFact } from '../surroundings.ts'
import { caused, effectName, isOddService, servicesStarted, startedThen } from './call-effects.ts'
import { RPC_SERVICES, type RpcService } from './rpc-services.ts'

/** From the command to what it causes; clocks of two machines differ a little. */
const BEFORE = 2 * SECOND
const AFTER = 10 * SECOND

const SERVICE_OF: Readonly<Record<string, RpcService['id']>> = {
  svcctl: 'service',
  itaskschedulerservice: 'task',
  atsvc: 'task',
  winreg: 'registry',
}

/** `told`: facts that another detection rests on already. */
export function remoteTool(graph: Graph, told: ReadonlySet<Fact>): Detection[] {
  const found: Detection[] = []
  for (const one of graph.observations) {
    if (one.channel.kind !== 'rpc' || one.act !== 'refer') continue
    const name = one.channel.name.toLowerCase()
    const service = Object.hasOwn(SERVICE_OF, name) && RPC_SERVICES.find((each) => each.id === SERVICE_OF[name])
    const source = graph.hostNamed(one.host, one.time)
    const target = graph.hostNamed(one.channel.host, one.time) ?? graph.hostAt(one.channel.host)
    const tool = graph.processOf(one)
    if (!service || !source || !target || target === source || !tool?.commandLine) continue
    const detected = describe(graph, { call: one, service, source, target, tool }, told)
    if (detected) found.push(detected)
  }
  return found
}

interface ToolCall {
  call: Observation
  service: RpcService
  source: HostNode
  target: HostNode
  tool: ProcessNode
}

function describe(graph: Graph, story: ToolCall, told: ReadonlySet<Fact>): Detection | undefined {
  const { call, service, source, target, tool } = story
  const command = tool.commandLine!.toLowerCase()
  const named = (name: string) => name.length >= 3 && command.includes(name.toLowerCase())
  const effects: Effect[] = between(graph.effects, call.time - BEFORE, call.time + AFTER).filter(
    (one) =>
      graph.hostNamed(one.host, one.time) === target &&
      service.effects.includes(one.what) &&
      !told.has(one) &&
      (named(effectName(one)) || named(one.detail.param4 ?? '')),
  )
  const started =
    service.id === 'service'
      ? servicesStarted(graph, target, call.time - BEFORE, call.time + AFTER).filter(
          (one) =>
            !one.facts.some((fact) => told.has(fact)) &&
            named(/-s\s+(\S+)/i.exec(one.commandLine ?? '')?.[1] ?? nameOf(one)),
        )
      : []
  if (!effects.length && !started.length) return undefined
  const what = effects[0]
    ? effectName(effects[0])
    : (/-s\s+(\S+)/i.exec(started[0].commandLine ?? '')?.[1] ?? nameOf(started[0]))
  const result = detection(
    `AN1357/rpc-${service.id}`,
    `${source.name} drove ${service.name} with ${nameOf(tool)}: ${short(what, 60)}`,
    target,
    Math.min(call.time, ...started.map((one) => one.start), ...effects.map((one) => one.time)),
  )
  result.until = Math.max(call.time, ...started.map((one) => one.start), ...effects.map((one) => one.time))
  result.others.push({ host: source, role: 'source' })
  result.processes.push(tool, ...(tool.parent ? [tool.parent] : []))
  const address = [...source.addresses.keys()][0]
  result.reasons.push(
    {
      support: 'indicator',
      weight: 8,
      text: `On ${source.name}, ${accountName(graph.account(tool.user)) || 'an account'} ran ${short(tool.commandLine!)}`,
      facts: [call, ...startedFact(tool)].slice(0, 2),
    },
    {
      support: 'remote',
      weight: 8,
      text: `${target.name} did so at that moment: ${source.name}${address ? ` (${address})` : ''} is another machine.`,
      facts: [call],
    },
  )
  if (address) result.remotes.push({ address, protocol: 'tcp', direction: 'inbound', process: tool, facts: [call] })
  caused(result, service, effects)
  startedThen(result, started, call.time)
  oddCaller(result, tool)
  droppedFiles(graph, result, address)
  // An administrator's plain command and its effect are two halves of one fact; the logon between them adds only where something is odd.
  if (isOdd(result, started)) remoteLogon(graph, result, call.time - 5 * MINUTE, result.until + SECOND, address)
  result.channels.push({
    kind: 'rpc',
    host: target.name,
    name: call.channel.name,
    clients: [{ process: tool }],
    time: call.time,
    facts: [call],
  })
  result.techniques.push(
    { id: 'T1559', reason: `${service.name} of ${target.name} was made to act by ${source.name} over RPC.` },
    { id: service.technique, reason: `${short(what, 80)} followed on ${target.name}.` },
  )
  return result
}

const isOdd = (result: Detection, started: readonly ProcessNode[]): boolean =>
  started.some(isOddService) ||
  result.reasons.some((one) => one.support === 'content' || one.support === 'rarity' || one.support === 'before')

/** The tool below something that is no administrator's shell. */
function oddCaller(result: Detection, tool: ProcessNode): void {
  const odd = ancestors(tool, 6).find(
    (one) => isUserWritable(one.image) || contentHints(one).some((hint) => hint.weight >= 14),
  )
  if (!odd) return
  result.processes.push(odd)
  result.reasons.push({
    support: 'before',
    weight: 14,
    text: `It descends from ${nameOf(odd)} (pid ${odd.pid ?? '?'}): ${contentHints(odd)[0]?.text ?? `${odd.image} lies where users can write`}.`,
    facts: startedFact(odd),
  })
}
