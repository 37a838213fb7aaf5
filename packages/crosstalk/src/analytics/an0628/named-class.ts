// Scripts and command lines that name a class on another machine through which a caller has commands run: the client’s side of DCOM, where only its text was recorded.
import { runsCommands } from '../../channels/com-servers.ts'
import type { Observation } from '../../facts/fact.ts'
import type { Graph, HostNode } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { accountName, nameOf, short } from '../surroundings.ts'

/** Methods by which such classes run something (Nelson 2017, Tsukerman 2018: MMC20.Application, ShellWindows, Excel.Application, Visio, InternetExplorer). */
const RUNS =
  /\b(ExecuteShellCommand|ShellExecute|ExecuteExcel4Macro|RegisterXLL|DDEInitiate|ExecuteLine|Navigate2?|CreateObject)\b(?=\s*\()/i

/** One story a caller and machine. */
export function namedClass({ graph }: AnalyticContext): Detection[] {
  const stories = new Map<string, Observation[]>()
  for (const one of graph.observations) {
    const { kind, host: target, name } = one.channel
    if (kind !== 'dcom' || one.act !== 'refer' || !target || !runsCommands(name)) continue
    const host = graph.hostNamed(one.host, one.time)
    if (!host || graph.hostNamed(target, one.time) === host) continue
    const process = graph.processOf(one)
    const key = `${process?.key ?? `${host.name}|${one.account?.name}`}|${target.toLowerCase()}`
    const list = stories.get(key)
    if (list) list.push(one)
    else stories.set(key, [one])
  }
  return [...stories.values()].map((named) => describe(graph, named))
}

function describe(graph: Graph, named: readonly Observation[]): Detection {
  const [first] = named
  const host: HostNode = graph.hostNamed(first.host, first.time)!
  const target = first.channel.host
  const process = graph.processOf(first)
  const what = first.detail.class ?? first.channel.name
  const caller = process?.image ? nameOf(process) : 'A script'
  const text =
    first.detail.ScriptBlockText ?? first.detail.Payload ?? first.detail.Data ?? first.detail.CommandLine ?? ''
  const result = detection(
    'AN0628/dcom-client',
    `${caller} on ${host.name} asks for ${what} on ${target}`,
    host,
    first.time,
  )
  result.until = named.at(-1)!.time
  if (process) result.processes.push(process)
  const who = accountName(graph.account(first.account ?? {}))
  result.reasons.push(
    {
      support: 'indicator',
      weight: 18,
      text: `${caller}${who ? ` of ${who}` : ''} names the class ${what} on ${target}${text ? `: ${short(text.trim())}` : '.'}`,
      facts: named.slice(0, 4),
    },
    {
      support: 'content',
      weight: 14,
      text: `Through ${what} a caller has commands run; administration from a distance does not go that way.`,
      facts: [first],
    },
    { support: 'remote', weight: 10, text: `The class is asked for on another machine (${target}).`, facts: [first] },
  )
  const runs = RUNS.exec(text)
  if (runs)
    result.reasons.push({
      support: 'content',
      weight: 20,
      text: `The same text calls ${runs[1]}, which runs something there.`,
      facts: [first],
    })
  result.remotes.push({ address: target, port: 135, protocol: 'tcp', direction: 'outbound', process, facts: [first] })
  result.channels.push({
    kind: 'dcom',
    host: target,
    name: first.channel.name,
    clients: process ? [{ process }] : [],
    time: first.time,
    facts: named.slice(0, 4),
  })
  const there = graph.hostNamed(target, first.time) ?? graph.hostAt(target, first.time)
  if (there) result.others.push({ host: there, role: 'peer' })
  result.techniques.push(
    { id: 'T1559.001', reason: `${caller} used COM to reach ${target}.` },
    { id: 'T1021.003', reason: `The class was asked for on another machine (${target}).` },
  )
  result.gaps.push({
    text: `Whether ${target} granted the class, and what it was asked to do there, is not in this text.`,
    wouldShow: `Process creation, logon and DCOM events of ${target}; a packet capture of the DCE/RPC traffic.`,
    answeredOn: there,
  })
  return result
}
