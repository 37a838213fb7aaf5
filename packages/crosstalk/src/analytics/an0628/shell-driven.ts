// A document or script has the desktop's explorer.exe start a program for it (ShellWindows, ShellBrowserWindow): the child hangs below explorer, not below who asked.
import type { Observation } from '../../facts/fact.ts'
import { type Graph, imageName, type ProcessNode } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { isInterpreter, isUserWritable } from '../command-content.ts'
import { aftermath, nameOf, SAME_MOMENT, short, startedFact } from '../surroundings.ts'

/** Classes that explorer.exe serves and whose Document.Application.ShellExecute starts programs (Nelson 2017). */
const SHELL_CLASSES = new Set(['{9BA05972-F6A8-11CF-A442-00A0C90A8F39}', '{C08AFD90-F2A1-11D1-8455-00A0C91F3880}'])

const isClient = (process: ProcessNode) =>
  isInterpreter(process) ||
  isUserWritable(process.image) ||
  /^(winword|excel|powerpnt|outlook|msaccess|mspub|visio|onenote|eqnedt32)\.exe$/.test(imageName(process.image))

export function shellDriven({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const done = new Set<ProcessNode>()
  for (const one of graph.observations) {
    if (one.channel.kind !== 'com' || one.act !== 'refer' || !SHELL_CLASSES.has(one.channel.name)) continue
    const client = graph.processOf(one)
    if (!client || done.has(client) || !isClient(client)) continue
    const children = childrenOfExplorer(graph, client, one.time)
    if (!children.length) continue
    done.add(client)
    found.push(describe(graph, one, client, children))
  }
  return found
}

const childrenOfExplorer = (graph: Graph, client: ProcessNode, time: number): ProcessNode[] =>
  [...graph.processes.values()]
    .filter(
      (one) =>
        one.host === client.host &&
        one.start >= time &&
        one.start <= time + SAME_MOMENT &&
        imageName(one.parent?.image) === 'explorer.exe' &&
        (isInterpreter(one) || isUserWritable(one.image)),
    )
    .sort((a, b) => a.start - b.start)

function describe(graph: Graph, read: Observation, client: ProcessNode, children: ProcessNode[]): Detection {
  const [first] = children
  const called = read.detail.class ?? read.channel.name
  const result = detection(
    'AN0628/shell-driven',
    `${nameOf(client)} had explorer.exe start ${nameOf(first)} through ${called}`,
    client.host,
    read.time,
  )
  result.until = children.at(-1)!.start
  result.processes.push(first, client, ...(first.parent ? [first.parent] : []))
  const reads = graph.observations.filter(
    (one) =>
      one.channel.name === read.channel.name && Math.abs(one.time - read.time) <= SAME_MOMENT && one.act === 'refer',
  )
  result.reasons.push(
    {
      support: 'indicator',
      weight: 18,
      text: `${nameOf(client)} looked up the class ${called}, by which explorer.exe can be made to start programs.`,
      facts: reads.slice(0, 6),
    },
    {
      support: 'lineage',
      weight: 20,
      text: `${((first.start - read.time) / 1e6).toFixed(1)} s later explorer.exe started ${nameOf(first)}: ${short(first.commandLine ?? first.image)}`,
      facts: startedFact(first),
    },
  )
  if (
    children.some((one) =>
      isUserWritable(/[a-z]:\\[^"]+/i.exec((one.commandLine ?? '').replace(one.image, ''))?.[0] ?? one.image),
    )
  )
    result.reasons.push({
      support: 'rarity',
      weight: 10,
      text: 'What it starts lies where users can write.',
      facts: startedFact(first),
    })
  for (const child of children) result.processes.push(...aftermath(child, read.time, result))
  result.channels.push({
    kind: 'com',
    host: client.host.name,
    name: `${called} (explorer.exe)`,
    server: first.parent,
    clients: [{ process: client }],
    time: read.time,
    facts: reads.slice(0, 4),
  })
  result.techniques.push({
    id: 'T1559.001',
    reason: `${nameOf(client)} used ${called} to have explorer.exe run a program.`,
  })
  if (!isInterpreter(client))
    result.techniques.push({ id: 'T1204.002', reason: `The document in ${nameOf(client)} had been opened.` })
  result.assumptions.push(
    'The start was asked for through the class; a person’s own click at that moment would look the same.',
  )
  return result
}
