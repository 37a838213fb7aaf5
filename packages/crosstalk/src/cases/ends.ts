// Who talked to whom in a case: its channels with their ends, and the addresses beyond the hosts that reported.
import type { ChannelClaim, Detection, RemoteClaim } from '../analytics/analytic.ts'
import { plainAddress } from '../graph/address-claims.ts'
import type { Graph } from '../graph/graph.ts'
import type { CaseChannel, CaseRemote } from './case.ts'
import type { EvidenceList } from './evidence.ts'
import { isoTime } from './words.ts'

export function channelsOf(detections: readonly Detection[], graph: Graph, evidence: EvidenceList): CaseChannel[] {
  const channels = new Map<string, { channel: CaseChannel; time: number }>()
  for (const claimed of detections.flatMap((one) => one.channels)) {
    const claim = { ...claimed, host: graph.hostNamed(claimed.host, claimed.time)?.name ?? claimed.host }
    const key = `${claim.kind}|${claim.host}|${claim.name}`.toLowerCase()
    const known = channels.get(key)
    if (!known) channels.set(key, { channel: newChannel(claim, evidence), time: claim.time })
    else mergeChannel(known, claim, evidence)
  }
  return [...channels.values()].map((one) => one.channel)
}

const clientsOf = (claim: ChannelClaim) =>
  claim.clients.map((client) => ('address' in client ? { address: client.address } : { process: client.process.key }))

const newChannel = (claim: ChannelClaim, evidence: EvidenceList): CaseChannel => ({
  kind: claim.kind,
  host: claim.host,
  name: claim.name,
  server: claim.server?.key,
  clients: clientsOf(claim),
  firstSeen: isoTime(claim.time),
  evidence: evidence.of(claim.facts),
})

function mergeChannel(
  known: { channel: CaseChannel; time: number },
  claim: ChannelClaim,
  evidence: EvidenceList,
): void {
  const { channel } = known
  channel.server ??= claim.server?.key
  for (const client of clientsOf(claim))
    if (!channel.clients.some((one) => JSON.stringify(one) === JSON.stringify(client))) channel.clients.push(client)
  channel.clients = channel.clients.filter((one) => !('process' in one) || one.process !== channel.server)
  if (claim.time < known.time) {
    known.time = claim.time
    channel.firstSeen = isoTime(claim.time)
  }
  channel.evidence = [...new Set([...channel.evidence, ...evidence.of(claim.facts)])]
}

export function remotesOf(detections: readonly Detection[], evidence: EvidenceList): CaseRemote[] {
  const remotes = new Map<string, CaseRemote>()
  const add = (claim: RemoteClaim) => {
    const address = plainAddress(claim.address)
    const key = `${address}|${claim.direction}`
    const known = remotes.get(key)
    if (!known)
      remotes.set(key, {
        address,
        port: claim.port,
        protocol: claim.protocol,
        direction: claim.direction,
        process: claim.process?.key,
        evidence: evidence.of(claim.facts),
      })
    else known.evidence = [...new Set([...known.evidence, ...evidence.of(claim.facts)])]
  }
  for (const one of detections) for (const remote of one.remotes) add(remote)
  return [...remotes.values()]
}
