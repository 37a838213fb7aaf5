// A remote client asks an RPC service for something that makes the machine log on to another one: forced authentication.
import type { Connection, Observation } from '../../facts/fact.ts'
import { plainAddress } from '../../graph/address-claims.ts'
import { type Graph, type HostNode, imageName, MINUTE, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { between, isFromOutside } from '../surroundings.ts'
import { pipeOf } from './rpc-services.ts'
import { addSmbCaller, smbAround } from './smb-caller.ts'

/**
 * Pipes whose services hold calls that open a path of the caller's choice: [MS-RPRN] (spoolss), [MS-EFSR] (efsrpc, also lsarpc and others), [MS-DFSNM]
 * (netdfs), [MS-FSRVP] (fssagentrpc), [MS-EVEN] (eventlog).
 */
const PIPES = /^\\?(spoolss|efsrpc|netdfs|fssagentrpc|eventlog)$/i
/** The calls themselves, where the wire or an RPC filter shows them (names of the [MS-*] documents). */
const CALLS =
  /^(RpcRemoteFindFirstPrinterChangeNotification(Ex)?|Efs(Rpc)?(OpenFileRaw|EncryptFileSrv|DecryptFileSrv|QueryUsersOnFile|QueryRecoveryAgents|AddUsersToFile|FileKeyInfo|DuplicateEncryptionInfoFile)|NetrDfs(Add|Remove)(StdRoot|RootTarget)|IsPath(Supported|ShadowCopied)|ElfrOpenBELW?)$/i
/** From the call to the connection back. */
const BACK_WINDOW = 10 * SECOND

export function coercedAuthentication({ graph }: AnalyticContext): Detection[] {
  const stories = new Map<string, { calls: Observation[]; back: Connection[] }>()
  for (const one of graph.observations) {
    if (one.act !== 'connect' && one.act !== 'send') continue
    const call = CALLS.test(one.detail.operation ?? one.detail.Operation ?? '')
    if (!call && !(/^(named-pipe|rpc)$/.test(one.channel.kind) && PIPES.test(pipeOf(one)))) continue
    const host = graph.hostNamed(one.channel.host, one.time) ?? graph.hostNamed(one.host, one.time)
    const server = imageName(one.actor?.image)
    if (!host || (!one.peer?.address && server !== 'system')) continue
    const back = connectionsBack(graph, host, one)
    if (!back.length && !call) continue
    const key = `${host.name}|${one.peer?.address ?? ''}|${Math.floor(one.time / MINUTE)}`
    const story = stories.get(key)
    if (story) {
      story.calls.push(one)
      story.back.push(...back.filter((each) => !story.back.includes(each)))
    } else stories.set(key, { calls: [one], back })
  }
  return [...stories.values()].flatMap(({ calls, back }) => describe(graph, calls, back) ?? [])
}

/** What the machine itself (the SMB redirector is `System`) opened then towards a file or web server elsewhere. */
const connectionsBack = (graph: Graph, host: HostNode, call: Observation): Connection[] =>
  between(graph.connections, call.time, call.time + BACK_WINDOW).filter(
    (one) =>
      one.direction === 'outbound' &&
      (one.remotePort === 445 || one.remotePort === 139 || one.remotePort === 80) &&
      graph.hostNamed(one.host, one.time) === host &&
      imageName(one.process.image) === 'system' &&
      isFromOutside(graph, host, one),
  )

function describe(graph: Graph, calls: Observation[], back: Connection[]): Detection | undefined {
  const first = calls[0]
  const host = (graph.hostNamed(first.channel.host, first.time) ?? graph.hostNamed(first.host, first.time))!
  const operation = calls
    .map((one) => one.detail.operation ?? one.detail.Operation ?? '')
    .find((one) => CALLS.test(one))
  const { smb, address } = smbAround(graph, host, first)
  const to = back[0]?.remoteAddress
  const result = detection(
    'AN1357/coerced-authentication',
    to
      ? `${address ?? 'A remote client'} had ${host.name} log on to ${to}`
      : `${address ?? 'A remote client'} called ${operation} on ${host.name}`,
    host,
    first.time,
  )
  result.until = back.at(-1)?.time ?? calls.at(-1)!.time
  result.reasons.push({
    support: 'indicator',
    weight: 10,
    text: `A remote client opened ${pipeOf(first)}, whose service can be made to open a path elsewhere.`,
    facts: calls.slice(0, 4),
  })
  if (operation)
    result.reasons.push({
      support: 'content',
      weight: 20,
      text: `The call was ${operation}, which takes such a path.`,
      facts: calls.slice(0, 4),
    })
  if (back.length)
    result.reasons.push({
      support: 'after',
      weight: address && plainAddress(back[0].remoteAddress) === plainAddress(address) ? 14 : 10,
      text: `${((back[0].time - first.time) / SECOND).toFixed(1)} s later the machine itself connected to ${to}:${back[0].remotePort}.`,
      facts: back.slice(0, 4),
    })
  if (address) addSmbCaller(graph, result, first, smb, address)
  if (to)
    result.remotes.push({
      address: to,
      port: back[0].remotePort,
      protocol: 'tcp',
      direction: 'outbound',
      facts: back.slice(0, 3),
    })
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: pipeOf(first),
    clients: address ? [{ address }] : [],
    time: first.time,
    facts: calls.slice(0, 4),
  })
  result.techniques.push(
    { id: 'T1559', reason: `An RPC service behind ${pipeOf(first)} was used by ${address ?? 'a remote client'}.` },
    {
      id: 'T1187',
      reason: to ? `The machine connected to ${to} right after.` : `${operation} makes the machine connect elsewhere.`,
    },
  )
  if (!operation)
    result.assumptions.push(
      'The connection back was caused by the call; print servers also connect to their clients to tell them of changes.',
    )
  return result
}
