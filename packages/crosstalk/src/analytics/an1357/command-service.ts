// A service that was installed to run a command: what execution over SMB leaves in the System log alone.
import type { Effect, Fact } from '../../facts/fact.ts'
import { type Graph, type HostNode, MINUTE, SECOND } from '../../graph/graph.ts'
import { type Detection, detection } from '../analytic.ts'
import { isInterpreter, looksRandom } from '../command-content.ts'
import { inbound, remoteLogon, short } from '../surroundings.ts'
import { effectName, servicesStarted, startedThen } from './call-effects.ts'
import { CAUSED_WINDOW } from './rpc-services.ts'
import { addLikelyCaller, isSmbPort } from './smb-caller.ts'

/** Of a series of such services so many are told one by one; the others are counted. */
const TOLD_EACH = 3
/** Services installed this close after one another are one series. */
const SERIES_PAUSE = 15 * MINUTE

interface CommandInstall {
  host: HostNode
  effect: Effect
  command: string
}

/** Service installation with a command for a program and no record of the pipe: what SMB execution leaves in the System log alone. */
export const commandService = (graph: Graph, told: ReadonlySet<Fact>): Detection[] =>
  commandInstalls(graph, told).flatMap((series) => tellSeries(graph, series))

function commandInstalls(graph: Graph, told: ReadonlySet<Fact>): CommandInstall[][] {
  const series = new Map<HostNode, CommandInstall[][]>()
  const seen = new Set<string>()
  for (const effect of graph.effects) {
    const isImagePath = effect.what === 'registry-set' && /\\services\\[^\\]+\\imagepath$/i.test(effect.name)
    if (told.has(effect) || (effect.what !== 'service-installed' && !isImagePath)) continue
    const host = graph.hostNamed(effect.host, effect.time)
    const command = effect.detail.ImagePath ?? effect.detail.ServiceFileName ?? effect.detail.Details ?? ''
    if (
      !host ||
      !/%comspec%|\bcmd(\.exe)?"?\s+\/[cq]|powershell|rundll32.*,|\\\\127\.0\.0\.1\\/i.test(command) ||
      /\\\\\.\\pipe\\/i.test(command)
    )
      continue
    const name = `${host.name}|${effectName(effect)}`.toLowerCase()
    if (seen.has(name)) continue
    seen.add(name)
    const list = series.get(host) ?? []
    series.set(host, list)
    const last = list.at(-1)
    if (last && effect.time - last.at(-1)!.effect.time <= SERIES_PAUSE) last.push({ host, effect, command })
    else list.push([{ host, effect, command }])
  }
  return [...series.values()].flat()
}

function tellSeries(graph: Graph, series: readonly CommandInstall[]): Detection[] {
  const found: Detection[] = []
  const more: Effect[] = []
  for (const { host, effect, command } of series) {
    if (found.length === TOLD_EACH) more.push(effect)
    else {
      const one = describeCommandService(graph, host, effect, command)
      if (pointsElsewhere(one)) found.push(one)
    }
  }
  const last = found.at(-1)
  if (last && more.length) {
    last.until = more.at(-1)!.time
    last.reasons.push({
      support: 'rarity',
      weight: 14,
      text: `${more.length} more services were installed that way, each to run a command: a tool at work.`,
      facts: more,
    })
  }
  return found
}

/** Administrators let services run scripts on their own machine; that another machine asked for it wants a sign: a caller, output for one, a throw-away name. */
const pointsElsewhere = ({ reasons, remotes }: Detection): boolean =>
  remotes.length > 0 || reasons.some((one) => one.support === 'remote' || one.support === 'rarity')

function describeCommandService(graph: Graph, host: HostNode, effect: Effect, command: string): Detection {
  const result = detection(
    'AN1357/command-service',
    `The service ${short(effectName(effect), 40)} runs a command`,
    host,
    effect.time,
  )
  result.reasons.push({
    support: 'content',
    weight: 22,
    text: `The service ${short(effectName(effect), 60)} was installed to run a command: ${short(command)}`,
    facts: [effect],
  })
  if (looksRandom(effectName(effect)))
    result.reasons.push({
      support: 'rarity',
      weight: 14,
      text: `Its name, ${short(effectName(effect), 60)}, looks made by a machine.`,
      facts: [effect],
    })
  if (/\\\\127\.0\.0\.1\\(admin|[a-z])\$/i.test(command))
    result.reasons.push({
      support: 'remote',
      weight: 10,
      text: 'Its output goes to an administrative share of this machine, where a caller on another machine reads it.',
      facts: [effect],
    })
  startedThen(
    result,
    servicesStarted(graph, host, effect.time - 2 * SECOND, effect.time + CAUSED_WINDOW).filter((one) =>
      isInterpreter(one),
    ),
    effect.time,
  )
  const smb = inbound(
    graph,
    host,
    effect.time - MINUTE,
    effect.time + 2 * SECOND,
    (port) => isSmbPort(port) || port === 135,
  )
  const address = addLikelyCaller(graph, result, smb, 16)
  const sessions = remoteLogon(graph, result, effect.time - 2 * MINUTE, effect.time + SECOND, address)
  const from = address ?? sessions[0]?.address
  if (from && !address)
    result.remotes.push({
      address: from,
      port: sessions[0]?.port,
      protocol: 'tcp',
      direction: 'inbound',
      facts: sessions[0].facts.slice(0, 2),
    })
  if (!from)
    result.gaps.push({
      text: 'Who installed the service, and whether over the network (svcctl), was not recorded.',
      wouldShow: 'Security events 5145 (IPC$, svcctl), 4697 and 4624; Sysmon event 18.',
    })
  result.channels.push({
    kind: 'rpc',
    host: host.name,
    name: 'svcctl',
    clients: from ? [{ address: from }] : [],
    time: effect.time,
    facts: [effect],
  })
  if (!from)
    result.assumptions.push(
      'Services are installed by calls to the service control manager (svcctl); that this call came over the network is not shown.',
    )
  result.techniques.push(
    { id: 'T1569.002', reason: `The service ${short(effectName(effect), 60)} exists to run a command.` },
    { id: 'T1559', reason: 'The service control manager is driven through RPC (svcctl).' },
  )
  if (from) result.techniques.push({ id: 'T1021.002', reason: `The call came from ${from}.` })
  return result
}
