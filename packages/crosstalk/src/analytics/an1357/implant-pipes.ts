// Anonymous pipes between a program that was not installed and the shells it runs.
import type { Observation } from '../../facts/fact.ts'
import { type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { isInterpreter, isUserWritable } from '../command-content.ts'
import { aftermath, nameOf, SAME_MOMENT, short, startedFact } from '../surroundings.ts'

/** A program in a user-writable folder that makes pipes for the shells it starts: how implants read their children's output. */
export function implantPipes({ graph }: AnalyticContext): Detection[] {
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
