// WMI that writes the registry (StdRegProv): WmiPrvSE.exe sets a value by which a program will start, for whoever calls.
import type { Connection, Effect } from '../../facts/fact.ts'
import { type Graph, imageName, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { DYNAMIC_PORT, inbound, remoteLogon, SAME_MOMENT, short, sourceSide } from '../surroundings.ts'

/** Values that name a program which Windows starts by itself. Of all that providers write, only these are told. */
const STARTS =
  /\\(?:currentversion\\(?:policies\\explorer\\)?run(?:once|services)?\\[^\\]+|services\\[^\\]+\\(?:imagepath|servicedll|failurecommand)|image file execution options\\[^\\]+\\(?:debugger|monitorprocess)|winlogon\\(?:shell|userinit))$/i

export function wmiRegistry({ graph }: AnalyticContext): Detection[] {
  const byProvider = new Map<ProcessNode, Effect[]>()
  for (const effect of graph.effects) {
    if (effect.what !== 'registry-set' || !STARTS.test(effect.name)) continue
    if (!/^SetValue|^CreateValue|modified/i.test(effect.detail.EventType ?? 'SetValue')) continue
    const provider = graph.processOf(effect)
    if (imageName(provider?.image) !== 'wmiprvse.exe') continue
    const list = byProvider.get(provider!)
    if (list) list.push(effect)
    else byProvider.set(provider!, [effect])
  }
  return [...byProvider].map(([provider, effects]) => describe(graph, provider, effects))
}

function describe(graph: Graph, provider: ProcessNode, effects: readonly Effect[]): Detection {
  const [first] = effects
  const { host } = provider
  const result = detection('AN0628/wmi-registry', `WMI set ${short(first.name, 80)}`, host, first.time)
  result.until = effects.at(-1)!.time
  result.processes.push(provider)
  result.reasons.push(
    {
      support: 'lineage',
      weight: 18,
      text: 'WmiPrvSE.exe wrote it: its provider StdRegProv writes the registry for whoever calls.',
      facts: effects.slice(0, 4),
    },
    {
      support: 'after',
      weight: 16,
      text: `The value starts a program: ${short(first.detail.Details ?? 'which was not recorded')}`,
      facts: [first],
    },
  )
  const calls = inbound(
    graph,
    host,
    first.time - 30 * SECOND,
    first.time + SAME_MOMENT,
    (port) => port === 135 || port >= DYNAMIC_PORT,
  )
  const address = calls.length
    ? calledFrom(graph, result, calls)
    : remoteLogon(graph, result, first.time - 30 * SECOND, first.time + SAME_MOMENT)[0]?.address
  if (!address)
    result.gaps.push({
      text: 'Whether the WMI call came from this host or from another was not recorded.',
      wouldShow: 'WMI-Activity/Operational, Sysmon event 3 or Security event 5156 (inbound 135), Security event 4624.',
    })
  result.channels.push({
    kind: address ? 'dcom' : 'com',
    host: host.name,
    name: 'IWbemServices (WmiPrvSE.exe)',
    server: provider,
    clients: address ? [{ address }] : [],
    time: first.time,
    facts: effects.slice(0, 2),
  })
  result.techniques.push(
    { id: 'T1559.001', reason: 'The value was set through the COM interface IWbemServices.' },
    { id: 'T1047', reason: 'WmiPrvSE.exe wrote the registry.' },
    { id: 'T1112', reason: `${short(first.name, 80)} was set.` },
  )
  if (/\\run(?:once|services)?\\[^\\]+$/i.test(first.name))
    result.techniques.push({ id: 'T1547.001', reason: `The value ${short(first.name, 80)} starts a program at logon.` })
  return result
}

function calledFrom(graph: Graph, result: Detection, calls: readonly Connection[]): string {
  const last = calls.findLast((one) => one.localPort >= DYNAMIC_PORT) ?? calls.at(-1)!
  const same = calls.filter((one) => one.remoteAddress === last.remoteAddress)
  result.reasons.push({
    support: 'remote',
    weight: 18,
    text: `${last.remoteAddress} connected to port ${[...new Set(same.map((one) => one.localPort))].join(' and ')} within seconds before.`,
    facts: same.slice(0, 4),
  })
  result.remotes.push({
    address: last.remoteAddress,
    port: last.remotePort,
    protocol: last.protocol,
    direction: 'inbound',
    facts: same.slice(0, 4),
  })
  result.techniques.push({ id: 'T1021.003', reason: `The WMI call came over DCOM from ${last.remoteAddress}.` })
  remoteLogon(graph, result, last.time - MINUTE, last.time + MINUTE, last.remoteAddress)
  const caller = sourceSide(graph, result, last)
  if (caller) result.processes.push(caller)
  return last.remoteAddress
}
