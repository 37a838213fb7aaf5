// The client’s side of DCOM: who asked for a class on another machine, also where that failed.
import type { Observation } from '../../facts/fact.ts'
import { plainAddress } from '../../graph/address-claims.ts'
import { type Graph, MINUTE, type ProcessNode } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { isInterpreter, isUserWritable } from '../command-content.ts'
import { between, nameOf, short, startedFact } from '../surroundings.ts'

/** A program that activates a class on another machine: the client's side, also where the activation failed (DCOM events 10028, 10036 …). */
export function dcomClient({ graph }: AnalyticContext): Detection[] {
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
    if (!unusual || !target || graph.hostNamed(target, observation.time) === process.host) continue
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
      graph.hostNamed(one.host, one.time) === process.host,
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
  const there = graph.hostNamed(target, observation.time)
  if (there) result.others.push({ host: there, role: 'peer' })
  if (failed)
    result.gaps.push({
      text: `Nothing tells what the class would have been asked to do on ${target}.`,
      wouldShow: `Process creation and DCOM events of ${target}, a packet capture of the DCE/RPC traffic.`,
    })
  return result
}
