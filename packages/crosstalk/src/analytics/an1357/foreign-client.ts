// Control pipes opened over SMB by a client that is not Windows': libraries that attack tools are made with speak SMB themselves, and ask for other rights.
import type { Observation } from '../../facts/fact.ts'
import { isHostAddress, plainAddress } from '../../graph/address-claims.ts'
import { type Graph, MINUTE, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { accountName, remoteLogon } from '../surroundings.ts'
import { basePipe } from './pipe-names.ts'

/** Services that change a machine, or that make it connect elsewhere. Lists of shares and accounts (srvsvc, samr …) are asked for by Samba's tools, too. */
const CONTROL = /^(svcctl|ntsvcs|atsvc|winreg|eventlog|spoolss|efsrpc|lsarpc\\efs|netdfs|fssagentrpc)$/
const COERCES = /^(spoolss|efsrpc|lsarpc\\efs|netdfs|fssagentrpc)$/
/**
 * The right to wait for an operation's end ([MS-SMB2] 2.2.13.1.1), without which Windows' CreateFile opens nothing. impacket (smbconnection.py, openFile) asks for
 * FILE_READ_DATA and FILE_WRITE_DATA only.
 */
const SYNCHRONIZE = 0x10_0000
const SAME_STORY = 15 * MINUTE

export function foreignClient({ graph }: AnalyticContext): Detection[] {
  const runs = new Map<string, Observation[][]>()
  for (const one of graph.observations) {
    const address = one.peer?.address
    if (one.channel.kind !== 'named-pipe' || one.act !== 'connect' || !isHostAddress(address) || !isForeign(one))
      continue
    const host = graph.hostNamed(one.host, one.time)
    if (!host || graph.hostAt(address, one.time) === host) continue
    const key = `${host.name}|${plainAddress(address)}|${one.account?.name?.toLowerCase()}`
    const list = runs.get(key)
    const last = list?.at(-1)
    if (!list) runs.set(key, [[one]])
    else if (last && one.time - last.at(-1)!.time <= SAME_STORY) last.push(one)
    else list.push([one])
  }
  return [...runs.values()].flat().map((opens) => describe(graph, opens))
}

function isForeign({ channel, detail, account }: Observation): boolean {
  const mask = Number(detail.AccessMask)
  return CONTROL.test(basePipe(channel.name)) && mask > 0 && (mask & SYNCHRONIZE) === 0 && !account?.name?.endsWith('$')
}

function describe(graph: Graph, opens: readonly Observation[]): Detection {
  const [first] = opens
  const host = graph.hostNamed(first.host, first.time)!
  const address = first.peer!.address!
  const pipes = [...new Set(opens.map((one) => basePipe(one.channel.name)))]
  const shown = pipes.slice(0, 4).join(', ')
  const who = accountName(graph.account(first.account ?? {})) || 'An account that was not recorded'
  const result = detection(
    'AN1357/foreign-client',
    `${address} opened ${shown} with a client that is not Windows’`,
    host,
    first.time,
  )
  result.until = opens.at(-1)!.time
  result.reasons.push(
    {
      support: 'indicator',
      weight: 16,
      text: `${who} opened ${shown} with rights (${first.detail.AccessMask}) that no program of Windows asks for: what called speaks SMB itself.`,
      facts: opens.slice(0, 6),
    },
    { support: 'remote', weight: 8, text: `The caller is another machine (${address}).`, facts: [first] },
  )
  const coercing = opens.filter((one) => COERCES.test(basePipe(one.channel.name)))
  if (coercing.length) {
    result.reasons.push({
      support: 'content',
      weight: 12,
      text: `Through ${basePipe(coercing[0].channel.name)} a machine can be made to authenticate to another.`,
      facts: coercing.slice(0, 3),
    })
    result.techniques.push({ id: 'T1187', reason: 'The pipe’s service can be made to open a path elsewhere.' })
  }
  remoteLogon(graph, result, first.time - 2 * MINUTE, first.time + SECOND, address)
  result.remotes.push({ address, port: first.peer?.port, protocol: 'tcp', direction: 'inbound', facts: [first] })
  const source = graph.hostAt(address, first.time)
  if (source) result.others.push({ host: source, role: 'source' })
  for (const pipe of pipes.slice(0, 8)) {
    const of = opens.filter((one) => basePipe(one.channel.name) === pipe)
    result.channels.push({
      kind: 'named-pipe',
      host: host.name,
      name: pipe,
      clients: [{ address }],
      time: of[0].time,
      facts: of.slice(0, 4),
    })
  }
  result.techniques.push(
    { id: 'T1559', reason: `${address} spoke to the RPC services behind ${shown}.` },
    { id: 'T1021.002', reason: 'The pipes were reached through the share IPC$.' },
  )
  result.gaps.push({
    text: `What ${address} asked the services behind ${shown} for is not in these records.`,
    wouldShow: 'RPC Firewall, a packet capture; events 7045, 4698 and 4657 for what would have changed.',
  })
  return result
}
