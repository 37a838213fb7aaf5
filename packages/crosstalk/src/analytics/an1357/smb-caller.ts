// The remote end of a pipe: the SMB connection and the logon that came with it.
import type { Connection, Observation } from '../../facts/fact.ts'
import { type Graph, MINUTE } from '../../graph/graph.ts'
import type { Detection } from '../analytic.ts'
import { remoteLogon, sourceSide } from '../surroundings.ts'

export function addSmbCaller(
  graph: Graph,
  result: Detection,
  first: Observation,
  smb: readonly Connection[],
  address: string,
): void {
  const connections = smb.filter((one) => one.remoteAddress === address)
  result.reasons.push({
    support: 'remote',
    weight: 18,
    text: `${address} connected to SMB (port ${connections[0]?.localPort ?? 445}) at that moment.`,
    facts: connections.length ? connections.slice(0, 3) : [first],
  })
  result.remotes.push({
    address,
    port: connections[0]?.remotePort ?? first.peer?.port,
    protocol: 'tcp',
    direction: 'inbound',
    facts: connections.length ? connections.slice(0, 3) : [first],
  })
  remoteLogon(graph, result, first.time - 2 * MINUTE, first.time + MINUTE, address)
  if (!connections.length) return
  const caller = sourceSide(graph, result, connections[0])
  if (caller) result.processes.push(caller)
}
