// Many pipes tried over SMB in one go.
import type { Observation } from '../../facts/fact.ts'
import { type Graph, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { basePipe, basePipeShown, isRemoteConnect, isWellKnown, pipeServer } from './pipe-names.ts'
import { addSmbCaller, smbAround } from './smb-caller.ts'

/** Distinct well-known pipes opened by remote clients within a few seconds: somebody asks what there is. */
const SWEEP_PIPES = 8
const SWEEP_WINDOW = 10 * SECOND

export function pipeSweep({ graph }: AnalyticContext): Detection[] {
  const byEnd = new Map<string, Observation[]>()
  for (const one of graph.observations) {
    if (!isRemoteConnect(one) || !isWellKnown(one.channel.name)) continue
    const key = `${graph.hostNamed(one.host, one.time)?.name}|${one.peer?.address ?? ''}|${one.account?.logonId ?? ''}`
    const list = byEnd.get(key)
    if (list) list.push(one)
    else byEnd.set(key, [one])
  }
  const found: Detection[] = []
  for (const list of byEnd.values()) {
    const burst = densest(list)
    if (burst) found.push(describeSweep(graph, burst))
  }
  return found
}

/** The window with the most distinct names, when there are enough of them. Linear: two pointers over time order. */
function densest(list: readonly Observation[]): Observation[] | undefined {
  const counts = new Map<string, number>()
  let from = 0
  let best: [number, number] | undefined
  let most = SWEEP_PIPES - 1
  for (let to = 0; to < list.length; to++) {
    const name = basePipe(list[to].channel.name)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    while (list[to].time - list[from].time > SWEEP_WINDOW) {
      const gone = basePipe(list[from++].channel.name)
      const left = counts.get(gone)! - 1
      if (left) counts.set(gone, left)
      else counts.delete(gone)
    }
    if (counts.size > most) {
      most = counts.size
      best = [from, to]
    }
  }
  return best && list.slice(best[0], best[1] + 1)
}

function describeSweep(graph: Graph, burst: Observation[]): Detection {
  const first = burst[0]
  const host = graph.hostNamed(first.host, first.time)!
  const names = [...new Set(burst.map((one) => basePipeShown(one.channel.name)))]
  const seconds = Math.max(1, Math.round((burst.at(-1)!.time - first.time) / SECOND))
  const { smb, address } = smbAround(graph, host, first)
  const result = detection(
    'AN1357/pipe-sweep',
    `${names.length} pipes of ${host.name} opened over SMB in ${seconds} s`,
    host,
    first.time,
  )
  result.until = burst.at(-1)!.time
  result.reasons.push(
    {
      support: 'indicator',
      weight: 20,
      text: `A remote client opened ${names.length} different pipes within ${seconds} s: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' …' : ''}.`,
      facts: burst.slice(0, 40),
    },
    {
      support: 'adjacency',
      weight: 16,
      text: 'They follow one another at a machine’s pace, through services that have nothing to do with each other: RPC endpoints are being tried out.',
      facts: [first, burst.at(-1)!],
    },
    {
      support: 'rarity',
      weight: 10,
      text: `Ordinary clients open one to three of these pipes at a time; ${burst.length} opens in ${seconds} s stand out.`,
      facts: [first],
    },
  )
  if (address) addSmbCaller(graph, result, first, smb, address)
  else
    result.gaps.push({
      text: 'From which address the pipes were opened, and under which account, was not recorded.',
      wouldShow:
        'Security event 5145 (Detailed File Share auditing) and 4624; Sysmon event 3 or Security event 5156 for port 445.',
    })
  for (const name of names.slice(0, 40)) {
    const of = burst.filter((one) => basePipeShown(one.channel.name) === name)
    result.channels.push({
      kind: 'named-pipe',
      host: host.name,
      name: of[0].channel.name,
      server: pipeServer(graph, host, of[0].channel.name),
      clients: address ? [{ address }] : [],
      time: of[0].time,
      facts: of.slice(0, 3),
    })
  }
  result.techniques.push(
    { id: 'T1559', reason: `${names.length} pipes were opened over IPC$ in one go.` },
    { id: 'T1046', reason: 'Which services answer on which pipe is what such a sweep finds out.' },
  )
  result.gaps.push({
    text: 'What was asked over the pipes (interface and operation) is not in these events.',
    wouldShow: 'Zeek dce_rpc.log or a packet capture; RPC Firewall; Microsoft-Windows-RPC ETW.',
  })
  return result
}
