// The RPC services behind well-known pipes, and the times that somebody on another machine opened one.
import type { AccountRef, Effect, Observation } from '../../facts/fact.ts'
import { isHostAddress, plainAddress } from '../../graph/address-claims.ts'
import { type Graph, imageName, MINUTE, SECOND } from '../../graph/graph.ts'
import { inbound } from '../surroundings.ts'
import { isSmbPort } from './smb-caller.ts'

/** What a call over the pipe causes comes within this time. */
export const CAUSED_WINDOW = MINUTE

export interface RpcService {
  pipe: RegExp
  name: string
  /** the last part of the detection's id */
  id: 'service' | 'task' | 'registry'
  technique: string
  effects: readonly Effect['what'][]
}

/** [MS-SCMR] (svcctl; its pipe is an alias of ntsvcs), [MS-TSCH]/[MS-ATSVC], [MS-RRP]: protocols whose calls leave an effect that the target logs. */
export const RPC_SERVICES: readonly RpcService[] = [
  {
    pipe: /^\\?(svcctl|ntsvcs)$/i,
    name: 'the service control manager (svcctl)',
    id: 'service',
    technique: 'T1569.002',
    effects: ['service-installed', 'service-changed', 'service-state', 'registry-set'],
  },
  {
    pipe: /^\\?atsvc$/i,
    name: 'the task scheduler (atsvc)',
    id: 'task',
    technique: 'T1053.005',
    effects: ['task-registered'],
  },
  {
    pipe: /^\\?winreg$/i,
    name: 'the remote registry (winreg)',
    id: 'registry',
    technique: 'T1112',
    effects: ['registry-set'],
  },
]

/** Opens of one service by one caller, close together. */
export interface RemoteOpens {
  opens: Observation[]
  /** the caller, where anything tells it */
  address?: string
  port?: number
  account?: AccountRef
  /** the event names the caller itself; otherwise only that the SMB server opened the pipe for somebody */
  named: boolean
}

export const pipeOf = (one: Observation) =>
  one.channel.kind === 'rpc' ? (one.detail.pipe ?? one.detail.RelativeTargetName ?? one.channel.name) : one.channel.name

/** By the caller's address: Security 5145, RPC Firewall, Zeek. */
function isNamedOpen(graph: Graph, one: Observation): boolean {
  const address = one.peer?.address
  if (one.act !== 'connect' || !isHostAddress(address)) return false
  const host = graph.hostNamed(one.host, one.time)
  return graph.hostAt(address, one.time) !== host || host === undefined
}

/** By the SMB server, which is `System` to Sysmon: a client that came through IPC$. */
const isServerOpen = (one: Observation): boolean =>
  one.channel.kind === 'named-pipe' && one.act === 'connect' && imageName(one.actor?.image) === 'system'

/** One story a caller and service: opens within two minutes of each other belong together. What the SMB server did for a caller that is named is not told twice. */
export function remoteOpens(graph: Graph, service: RpcService): RemoteOpens[] {
  const runs = new Map<string, Observation[][]>()
  /** host → times of opens whose caller is named, in order */
  const namedAt = new Map<string, number[]>()
  const hostName = (one: Observation) => graph.hostNamed(one.host, one.time)?.name ?? one.host
  for (const one of graph.observations) {
    if ((one.channel.kind !== 'named-pipe' && one.channel.kind !== 'rpc') || !service.pipe.test(pipeOf(one))) continue
    const named = isNamedOpen(graph, one)
    if (!named && !isServerOpen(one)) continue
    if (named) push(namedAt, hostName(one), one.time)
    const key = `${hostName(one)}|${named ? one.peer?.address : ''}|${named ? (one.account?.name ?? '') : ''}`
    const last = runs.get(key)?.at(-1)
    if (last && one.time - last.at(-1)!.time <= 2 * CAUSED_WINDOW) last.push(one)
    else push(runs, key, [one])
  }
  return [...runs.values()].flat().flatMap((opens) => {
    const [first] = opens
    if (isNamedOpen(graph, first))
      return { opens, address: first.peer!.address, port: first.peer!.port, account: first.account, named: true }
    const told = anyBetween(
      namedAt.get(hostName(first)) ?? [],
      first.time - 3 * SECOND,
      opens.at(-1)!.time + 3 * SECOND,
    )
    return told ? [] : { opens, ...smbClient(graph, first), named: false }
  })
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

/** Whether a time of an ordered list lies in [from, to]. */
function anyBetween(times: readonly number[], from: number, to: number): boolean {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle] < from) low = middle + 1
    else high = middle
  }
  return low < times.length && times[low] <= to
}

/** The one machine that had SMB open to this host then; undefined when it was none, or several. */
function smbClient(graph: Graph, open: Observation): { address?: string; port?: number } {
  const host = graph.hostNamed(open.host, open.time)
  if (!host) return {}
  const smb = inbound(graph, host, open.time - MINUTE, open.time + 5 * SECOND, isSmbPort)
  const addresses = new Set(smb.map((one) => plainAddress(one.remoteAddress)))
  return addresses.size === 1 ? { address: smb[0].remoteAddress, port: smb[0].remotePort } : {}
}
