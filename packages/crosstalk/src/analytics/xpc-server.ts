// Who is behind an XPC service: a privileged helper bears its service's name (SMJobBless, SMAppService), so that what it starts right after it was asked is told as
// one story with who asked.
import { type Graph, imageName, MINUTE, type ProcessNode, SECOND } from '../graph/graph.ts'
import type { Detection } from './analytic.ts'
import { isInterpreter, isUserWritable } from './command-content.ts'
import { nameOf, short, startedFact } from './surroundings.ts'

/** Adds the helper that the process asked, where it then started a shell or a dropped program. */
export function askedServer(graph: Graph, process: ProcessNode, result: Detection): void {
  for (const asked of process.observations) {
    const { kind, name } = asked.channel
    if (kind !== 'xpc' || asked.act !== 'connect') continue
    for (const server of graph.processes.values()) {
      if (server.host !== process.host || imageName(server.image) !== name.toLowerCase()) continue
      const started = server.children.filter(
        (child) =>
          child.start >= asked.time &&
          child.start < asked.time + MINUTE &&
          (isInterpreter(child) || isUserWritable(child.image)),
      )
      if (started.length === 0) continue
      const [first] = started
      result.processes.push(server, ...started)
      for (const channel of result.channels)
        if (channel.kind === 'xpc' && channel.name === name && !channel.server) channel.server = server
      result.reasons.push({
        support: 'lineage',
        weight: 22,
        text: `${nameOf(server)}, which serves ${name}, started ${nameOf(first)} ${Math.round((first.start - asked.time) / SECOND)} s after ${nameOf(process)} had asked it: ${short(first.commandLine ?? first.image)}`,
        facts: [asked, ...startedFact(first)],
      })
      return
    }
  }
}
