// The remote end of a pipe: the SMB connection and the logon that came with it.
import type { Connection, Observation } from '../../facts/fact.ts'
import { type Graph, type HostNode, MINUTE, SECOND } from '../../graph/graph.ts'
import type { Detection } from '../analytic.ts'
import { inbound, remoteLogon, sourceSide } from '../surroundings.ts'

/** Sysmon tells of a connection up to half a minute late. */
const AROUND = 30 * SECOND

export const isSmbPort = (port: number): boolean => port === 445 || port === 139

/** Who had SMB open to the host when a pipe was opened: the event's own word, else the connections of that moment. */
export function smbAround(
  graph: Graph,
  host: HostNode,
  open: Observation,
): { smb: Connection[]; address: string | undefined } {
  const smb = inbound(graph, host, open.time - AROUND, open.time + AROUND, isSmbPort)
  return { smb, address: open.peer?.address ?? smb[0]?.remoteAddress }
}

/** Adds the last of these connections as the caller, where no event names one; returns its address. */
export function addLikelyCaller(
  graph: Graph,
  result: Detection,
  connections: readonly Connection[],
  weight: number,
): string | undefined {
  const last = connections.at(-1)
  if (!last) return undefined
  const facts = connections.slice(-3)
  result.reasons.push({
    support: 'remote',
    weight,
    text: `${last.remoteAddress} was connected to port ${last.localPort} at that moment.`,
    facts,
  })
  result.remotes.push({
    address: last.remoteAddress,
    port: last.remotePort,
    protocol: 'tcp',
    direction: 'inbound',
    facts,
  })
  const caller = sourceSide(graph, result, last)
  if (caller) result.processes.push(caller)
  return last.remoteAddress
}

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
