// A service that was installed to run a command: what execution over SMB leaves in the System log alone.
import type { Effect, Fact } from '../../facts/fact.ts'
import { type Graph, type HostNode, MINUTE, SECOND } from '../../graph/graph.ts'
import { type Detection, detection } from '../analytic.ts'
import { isInterpreter, looksRandom } from '../command-content.ts'
import { inbound, remoteLogon, short } from '../surroundings.ts'
import { effectName, servicesStarted, startedThen } from './call-effects.ts'
import { CAUSED_WINDOW } from './rpc-services.ts'
import { addLikelyCaller, isSmbPort } from './smb-caller.ts'

/** Service installation with a command for a program and no record of the pipe: what SMB execution leaves in the System log alone. */
export function commandService(graph: Graph, told: ReadonlySet<Fact>): Detection[] {
  const found: Detection[] = []
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
    if (found.some((one) => one.host === host && one.title.includes(short(effectName(effect), 40)))) continue
    const detection = describeCommandService(graph, host, effect, command)
    if (pointsElsewhere(detection)) found.push(detection)
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
    text: `The service ${effectName(effect)} was installed to run a command: ${short(command)}`,
    facts: [effect],
  })
  if (looksRandom(effectName(effect)))
    result.reasons.push({
      support: 'rarity',
      weight: 14,
      text: `Its name, ${effectName(effect)}, looks made by a machine.`,
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
    { id: 'T1569.002', reason: `The service ${effectName(effect)} exists to run a command.` },
    { id: 'T1559', reason: 'The service control manager is driven through RPC (svcctl).' },
  )
  if (from) result.techniques.push({ id: 'T1021.002', reason: `The call came from ${from}.` })
  return result
}
