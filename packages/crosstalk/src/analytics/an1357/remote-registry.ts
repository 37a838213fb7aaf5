// The remote registry (winreg, [MS-RRP]) seen by what it left: a value that its service wrote, or hives that were saved and fetched.
import type { Effect } from '../../facts/fact.ts'
import { plainAddress } from '../../graph/address-claims.ts'
import { type Graph, type HostNode, MINUTE, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { looksRandom } from '../command-content.ts'
import { accountName, between, inbound, remoteLogon, short } from '../surroundings.ts'
import { type RemoteOpens, RPC_SERVICES, remoteOpens } from './rpc-services.ts'
import { addLikelyCaller, isSmbPort } from './smb-caller.ts'

const WINREG = RPC_SERVICES.find((one) => one.id === 'registry')!

export const remoteRegistry = ({ graph }: AnalyticContext): Detection[] => [
  ...writtenByService(graph),
  ...remoteOpens(graph, WINREG).flatMap((opens) => hivesFetched(graph, opens) ?? []),
]

/** The service's host process writes only for remote callers (RegSvc; `svchost.exe -s RemoteRegistry`). */
const isRegistryService = (process: ProcessNode | undefined) =>
  /\bsvchost\.exe\b.*\s-s\s+RemoteRegistry\b/i.test(process?.commandLine ?? '')

function writtenByService(graph: Graph): Detection[] {
  const byService = new Map<ProcessNode, Effect[]>()
  for (const effect of graph.effects) {
    if (effect.what !== 'registry-set' || !/^SetValue|^CreateValue/i.test(effect.detail.EventType ?? '')) continue
    const process = graph.processOf(effect)
    if (!process || !isRegistryService(process)) continue
    const list = byService.get(process)
    if (list) list.push(effect)
    else byService.set(process, [effect])
  }
  return [...byService].map(([process, effects]) => describeWritten(graph, process, effects))
}

function describeWritten(graph: Graph, service: ProcessNode, effects: Effect[]): Detection {
  const { host } = service
  const first = effects[0]
  const result = detection(
    'AN1357/rpc-registry',
    `The remote registry service set ${short(first.name, 80)}`,
    host,
    first.time,
  )
  result.until = effects.at(-1)!.time
  result.processes.push(service)
  result.reasons.push({
    support: 'lineage',
    weight: 20,
    text: `The process of the remote registry service wrote it (${service.commandLine}): it does so for callers on other machines.`,
    facts: effects.slice(0, 4),
  })
  const run = effects.find((one) => /\\run(once)?\\[^\\]+$/i.test(one.name))
  if (run)
    result.reasons.push({
      support: 'after',
      weight: 16,
      text: `The value starts a program at the next logon: ${short(run.detail.Details ?? '')}`,
      facts: [run],
    })
  const smb = inbound(graph, host, first.time - MINUTE, first.time + 5 * SECOND, isSmbPort)
  const address = addLikelyCaller(graph, result, smb, 14)
  if (!address)
    result.gaps.push({
      text: 'From which address the remote registry was called was not recorded.',
      wouldShow: 'Security event 5145 (winreg) and 4624; Sysmon event 3 or Security event 5156 for port 445.',
    })
  remoteLogon(graph, result, first.time - 2 * MINUTE, first.time + SECOND, address)
  result.channels.push({
    kind: 'rpc',
    host: host.name,
    name: 'winreg',
    server: service,
    clients: address ? [{ address }] : [],
    time: first.time,
    facts: effects.slice(0, 2),
  })
  result.techniques.push(
    { id: 'T1559', reason: 'The remote registry was made to write by a call over RPC (winreg).' },
    { id: 'T1112', reason: `${short(first.name, 80)} was set.` },
  )
  if (run)
    result.techniques.push({ id: 'T1547.001', reason: `The value ${short(run.name, 80)} starts a program at logon.` })
  return result
}

/** BaseRegSaveKey writes a hive to a file of the target; the caller fetches it through an administrative share ([MS-RRP] 3.1.5.20). */
const SAVED_HIVE = /^(?:ADMIN\$\\(?:system32|temp)|[A-Z]\$\\(?:.*\\)?)\\?([^\\]+)$/i
const HIVE_NAME = /^.{0,3}(?:sam|security|system)(?:\.(?:save|hiv|hive|tmp|dat|bak|reg))?$/i

const isSavedHive = (effect: Effect): boolean => {
  const file = SAVED_HIVE.exec(effect.name)?.[1]
  if (!file) return false
  return HIVE_NAME.test(file) || (/\.tmp$/i.test(file) && looksRandom(file.slice(0, -4)))
}

function hivesFetched(graph: Graph, { opens, address, port, account, named }: RemoteOpens): Detection | undefined {
  if (!named || !address) return undefined
  const first = opens[0]
  const host = graph.hostNamed(first.host, first.time)!
  const files = between(graph.effects, first.time, opens.at(-1)!.time + MINUTE).filter(
    (one) => one.what === 'share-file' && isSavedHive(one) && isCallersWork(graph, host, one, address, account?.name),
  )
  if (!files.length) return undefined
  const names = [...new Set(files.map((one) => one.name))]
  const who = accountName(graph.account(account ?? {})) || 'An account that was not recorded'
  const result = detection(
    'AN1357/registry-hives',
    `${address} saved and fetched registry hives through winreg`,
    host,
    first.time,
  )
  result.until = files.at(-1)!.time
  result.reasons.push(
    {
      support: 'indicator',
      weight: 14,
      text: `${who} opened ${WINREG.name} from ${address} over IPC$.`,
      facts: opens.slice(0, 4),
    },
    { support: 'remote', weight: 12, text: `The caller is another machine (${address}).`, facts: [first] },
    {
      support: 'after',
      weight: 20,
      text: `Within a minute files as hives are saved to were opened on an administrative share: ${names.slice(0, 4).join(', ')}.`,
      facts: files.slice(0, 8),
    },
  )
  remoteLogon(graph, result, first.time - 2 * MINUTE, first.time + SECOND, address)
  const started = between(graph.observations, first.time - MINUTE, first.time).filter(
    (one) =>
      graph.hostNamed(one.host, one.time) === host &&
      one.channel.kind === 'named-pipe' &&
      /^\\?svcctl$/i.test(one.channel.name) &&
      one.peer?.address === address,
  )
  if (started.length)
    result.reasons.push({
      support: 'before',
      weight: 10,
      text: 'The same caller opened the service control manager first, as is needed to start the remote registry.',
      facts: started.slice(0, 2),
    })
  result.remotes.push({ address, port, protocol: 'tcp', direction: 'inbound', facts: opens.slice(0, 3) })
  result.channels.push({
    kind: 'named-pipe',
    host: host.name,
    name: 'winreg',
    clients: [{ address }],
    time: first.time,
    facts: opens.slice(0, 4),
  })
  result.techniques.push(
    { id: 'T1559', reason: `The remote registry was driven from ${address} over the pipe winreg.` },
    { id: 'T1003.002', reason: `Files as hives are saved to were fetched: ${names.slice(0, 3).join(', ')}.` },
    { id: 'T1021.002', reason: 'The pipe and the files were reached through administrative shares.' },
  )
  result.assumptions.push(
    'The files hold registry hives: their names and the moment say so, their content was not recorded.',
  )
  return result
}

/** The caller's own access, or the host's access to its own share on the caller's behalf. */
const isCallersWork = (
  graph: Graph,
  host: HostNode,
  file: Effect,
  address: string,
  name: string | undefined,
): boolean => {
  if (graph.hostNamed(file.host, file.time) !== host) return false
  const from = file.detail.IpAddress
  if (from && plainAddress(from) === plainAddress(address)) return true
  return !!name && file.account?.name?.toLowerCase() === name.toLowerCase()
}
