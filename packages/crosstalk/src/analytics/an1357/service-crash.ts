// A service that crashes as a remote client speaks to it over a pipe: an exploit that failed, or one that was meant to.
import type { Observation } from '../../facts/fact.ts'
import { imageName, type ProcessNode, SECOND } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { between, nameOf, startedFact } from '../surroundings.ts'
import { basePipeShown, isRemoteConnect } from './pipe-names.ts'
import { addSmbCaller, smbAround } from './smb-caller.ts'

/** Programs that host the services behind well-known pipes. */
const HOSTS_OF_SERVICES = new Set(['svchost.exe', 'services.exe', 'lsass.exe', 'spoolsv.exe', 'dns.exe', 'dfssvc.exe'])
/** From the call to the error report. */
const CRASH_WINDOW = 10 * SECOND

/** Windows Error Reporting is started by the program that crashed (`WerFault.exe -u -p PID`). */
export function serviceCrash({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  for (const report of graph.processes.values()) {
    if (imageName(report.image) !== 'werfault.exe' || Number.isNaN(report.start)) continue
    const crashed = report.parent
    if (!crashed || !HOSTS_OF_SERVICES.has(imageName(crashed.image))) continue
    const pid = /\s-p\s+(\d+)/.exec(report.commandLine ?? '')?.[1]
    if (pid !== undefined && crashed.pid !== undefined && Number(pid) !== crashed.pid) continue
    const opens = between(graph.observations, report.start - CRASH_WINDOW, report.start).filter(
      (one) => graph.hostNamed(one.host, one.time) === report.host && isRemoteConnect(one),
    )
    if (opens.length) found.push(describe({ graph, report, crashed, opens }))
  }
  return found
}

function describe(story: {
  graph: AnalyticContext['graph']
  report: ProcessNode
  crashed: ProcessNode
  opens: Observation[]
}): Detection {
  const { graph, report, crashed, opens } = story
  const last = opens.at(-1)!
  const pipe = basePipeShown(last.channel.name)
  const result = detection(
    'AN1357/service-crash',
    `${nameOf(crashed)} crashed as a remote client spoke to \\${pipe}`,
    report.host,
    last.time,
  )
  result.until = report.start
  result.processes.push(crashed, report)
  const seconds = ((report.start - last.time) / SECOND).toFixed(1)
  result.reasons.push(
    {
      support: 'indicator',
      weight: 10,
      text: `A remote client opened the pipe \\${pipe} over SMB.`,
      facts: opens.slice(-4),
    },
    {
      support: 'after',
      weight: 18,
      text: `${seconds} s later ${nameOf(crashed)} (pid ${crashed.pid ?? '?'}), a program that hosts services, had crashed.`,
      facts: startedFact(report),
    },
  )
  const { smb, address } = smbAround(graph, report.host, last)
  if (address) addSmbCaller(graph, result, last, smb, address)
  else
    result.gaps.push({
      text: 'From which address the pipe was opened was not recorded.',
      wouldShow:
        'Security event 5145 (Detailed File Share auditing); Sysmon event 3 or Security event 5156 for port 445.',
    })
  result.channels.push({
    kind: 'named-pipe',
    host: report.host.name,
    name: last.channel.name,
    server: crashed,
    clients: address ? [{ address }] : [],
    time: last.time,
    facts: opens.slice(-4),
  })
  result.techniques.push(
    { id: 'T1559', reason: `The service was reached through the pipe \\${pipe}.` },
    { id: 'T1499.004', reason: `${nameOf(crashed)} crashed ${seconds} s after the call.` },
  )
  result.gaps.push({
    text: 'Which call was made, and whether it is what crashed the service, is not in these events.',
    wouldShow: 'The dump of Windows Error Reporting, System events 7031 and 7034, a packet capture, RPC Firewall.',
  })
  return result
}
