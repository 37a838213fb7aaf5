// What the telemetry of a case does not show, and what would show it.
import type { Detection } from '../analytics/analytic.ts'
import type { Graph } from '../graph/graph.ts'
import { type Platform, platformOf } from '../response/unix-commands.ts'
import type { CaseHost, CaseProcess, Gap } from './case.ts'

/** What tells of logons and of connections on each platform. */
const WOULD_SHOW = {
  windows: {
    logon: 'Security events 4624, 4634, 4648 and 4672 (audit policy Logon/Logoff).',
    connection: 'Sysmon event 3, or Security event 5156 (Filtering Platform Connection).',
  },
  linux: {
    logon: 'The journal of sshd and PAM; USER_LOGIN and USER_START records of auditd.',
    connection:
      'The auditd rule for connect (crosstalk coverage --configure writes it); Sysmon for Linux event 3; Zeek.',
  },
  macos: {
    logon: 'The events openssh_login, login_login and lw_session_login of eslogger.',
    connection: 'Endpoint Security has no such events: Zeek, a packet capture, or a network extension.',
  },
} as const

function unreported(host: string, kind: 'logon' | 'connection', platform: Platform): Gap {
  const wouldShow = WOULD_SHOW[platform][kind]
  if (kind === 'connection')
    return { text: `${host} reported no network connections: remote ends cannot be tied to processes.`, wouldShow }
  // Audit records of Linux and macOS carry the session's number; where the session came from they do not.
  return platform === 'windows'
    ? { text: `${host} reported no logons: which session the acts belong to cannot be said.`, wouldShow }
    : { text: `${host} reported no logons: from where the sessions came cannot be said.`, wouldShow }
}

export function gapsOf(
  detections: readonly Detection[],
  hosts: readonly CaseHost[],
  processes: readonly CaseProcess[],
  graph: Graph,
): Gap[] {
  const gaps = new Map<string, Gap>()
  const answered = new Set(detections.flatMap((one) => (one.by === 'rule' ? [] : [one.host])))
  for (const { text, wouldShow, answeredOn } of detections.flatMap((one) => one.gaps))
    if (!answeredOn || !answered.has(answeredOn)) gaps.set(text, { text, wouldShow })
  for (const one of hosts) {
    const host = graph.hostNamed(one.name)
    if (!host || !graph.hosts.has(host.name)) {
      if (one.role === 'peer') continue
      gaps.set(one.name, {
        text: `No telemetry of ${one.name} was given: what ran there, and under whose hands, is unknown.`,
        wouldShow: `The event logs (Security, Sysmon) of ${one.name} for the same hours.`,
      })
      continue
    }
    if (one.role === 'peer') continue
    const platform = platformOf(processes.filter((process) => process.host === host.name))
    for (const kind of ['logon', 'connection'] as const)
      if (!host.kinds.has(kind)) gaps.set(`${kind} ${host.name}`, unreported(host.name, kind, platform))
  }
  return [...gaps.values()]
}
