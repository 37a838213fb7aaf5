// Activations that DCOM refused to another machine: nothing ran, but who asks for classes that run commands has said what it wants.
import { className, runsCommands } from '../../channels/com-servers.ts'
import type { Observation } from '../../facts/fact.ts'
import { plainAddress } from '../../graph/address-claims.ts'
import { type Graph, MINUTE, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { accountName, remoteLogon } from '../surroundings.ts'

/** DistributedCOM 10016 with a caller’s address: launch or activation refused by the class’s permissions. */
export function refusedActivation({ graph }: AnalyticContext): Detection[] {
  const runs = new Map<string, Observation[][]>()
  for (const one of graph.observations) {
    const address = one.peer?.address
    if (one.channel.kind !== 'dcom' || one.detail.eventId !== '10016' || !address) continue
    const host = graph.hostNamed(one.host, one.time)
    if (!host || graph.hostAt(address, one.time) === host || !runsCommands(one.channel.name)) continue
    const key = `${host.name}|${plainAddress(address)}`
    const list = runs.get(key)
    const last = list?.at(-1)
    if (!list) runs.set(key, [[one]])
    else if (last && one.time - last.at(-1)!.time <= 15 * MINUTE) last.push(one)
    else list.push([one])
  }
  return [...runs.values()].flat().map((refused) => describe(graph, refused))
}

function describe(graph: Graph, refused: readonly Observation[]): Detection {
  const [first] = refused
  const host = graph.hostNamed(first.host, first.time)!
  const address = first.peer!.address!
  const classes = [...new Set(refused.map((one) => className(one.channel.name) ?? one.channel.name))]
  const result = detection(
    'AN0628/dcom-refused',
    `${address} was refused ${classes.slice(0, 3).join(' and ')} over DCOM`,
    host,
    first.time,
  )
  result.until = refused.at(-1)!.time
  const who = accountName(graph.account(first.account ?? {})) || 'an account that was not recorded'
  result.reasons.push(
    {
      support: 'indicator',
      weight: 16,
      text: `DCOM refused ${who} at ${address} the launch of ${classes.join(', ')}.`,
      facts: refused.slice(0, 6),
    },
    {
      support: 'content',
      weight: 10,
      text: `Through ${classes.length > 1 ? 'these classes' : 'this class'} a caller has commands run.`,
      facts: refused.slice(0, 2),
    },
    { support: 'remote', weight: 8, text: `The caller is another machine (${address}).`, facts: [first] },
  )
  if (classes.length > 1)
    result.reasons.push({
      support: 'rarity',
      weight: 14,
      text: `It asked for ${classes.length} such classes within ${Math.max(1, Math.round((result.until - first.time) / SECOND))} s, one after the other.`,
      facts: refused.slice(0, 6),
    })
  remoteLogon(graph, result, first.time - MINUTE, result.until + SECOND, address)
  result.remotes.push({ address, protocol: 'tcp', direction: 'inbound', facts: refused.slice(0, 3) })
  for (const one of refused.slice(0, 8))
    result.channels.push({
      kind: 'dcom',
      host: host.name,
      name: one.channel.name,
      clients: [{ address }],
      time: one.time,
      facts: [one],
    })
  result.techniques.push(
    { id: 'T1559.001', reason: `${address} asked ${host.name} for ${classes.join(', ')}.` },
    { id: 'T1021.003', reason: 'The classes were asked for from another machine.' },
  )
  result.gaps.push({
    text: `DCOM reports what it refused, not what it allowed: whether ${address} had success with another class is not in these records.`,
    wouldShow: 'Sysmon events 1 and 3 or Security events 4688, 4624 and 5156; a packet capture of the DCE/RPC traffic.',
  })
  return result
}
