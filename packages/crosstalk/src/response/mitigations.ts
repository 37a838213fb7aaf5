// The mitigations that ATT&CK names for the techniques of a case (T1559 and its sub-techniques, v18.1), with the setting that carries each out.

import type { Mitigation } from '../cases/case.ts'
import type { ChannelKind } from '../facts/fact.ts'

interface MitigationRule extends Omit<Mitigation, 'reason'> {
  techniques: RegExp
  kinds: readonly ChannelKind[]
  reason: string
}

const RULES: readonly MitigationRule[] = [
  {
    id: 'M1026',
    name: 'Privileged Account Management',
    techniques: /^T1559\.001|^T1021\.003/,
    kinds: ['dcom', 'com'],
    text: 'Limit who may launch and activate COM classes from the network: machine-wide limits (HKLM\\SOFTWARE\\Microsoft\\Ole MachineLaunchRestriction, policy "DCOM: Machine Launch Restrictions") and LaunchPermission of the AppIDs that serve it; take daily accounts out of local Administrators.',
    reason: 'The remote activation needed launch permission on the target, which administrators have by default.',
  },
  {
    id: 'M1042',
    name: 'Disable or Remove Feature or Program',
    techniques: /^T1559\.001|^T1021\.003/,
    kinds: ['dcom'],
    text: 'Where no software needs it, turn remote DCOM off (HKLM\\SOFTWARE\\Microsoft\\Ole EnableDCOM=N), or the host firewall rules that admit it (groups "Windows Management Instrumentation", "COM+ Network Access", "Remote Event Log", …).',
    reason: 'The class was reached over DCOM.',
  },
  {
    id: 'M1042',
    name: 'Disable or Remove Feature or Program',
    techniques: /^T1559\.002/,
    kinds: ['dde'],
    text: 'Turn automatic DDE off in Office: Word security option AllowDDE=0; Excel DisableDDEServerLaunch=1 and DisableDDEServerLookup=1 (Microsoft advisory 4053440); "update automatic links at open" off.',
    reason: 'Office followed a link in a document to start a program.',
  },
  {
    id: 'M1040',
    name: 'Behavior Prevention on Endpoint',
    techniques: /^T1559\.002|^T1204/,
    kinds: ['dde'],
    text: 'Attack surface reduction rules "Block all Office applications from creating child processes" and "Block Office communication application from creating child processes", first in audit mode.',
    reason: 'An Office program started a child process.',
  },
  {
    id: 'M1040',
    name: 'Behavior Prevention on Endpoint',
    techniques: /^T1569|^T1047|^T1559(\.001)?$/,
    kinds: ['named-pipe', 'rpc', 'dcom'],
    text: 'Attack surface reduction rule "Block process creations originating from PSExec and WMI commands", first in audit mode (it also hits management software).',
    reason: 'A process was started through a service or WMI at a remote caller’s word.',
  },
  {
    id: 'M1048',
    name: 'Application Isolation and Sandboxing',
    techniques: /^T1559\.00[12]/,
    kinds: ['dde', 'com'],
    text: 'Protected View for files from the internet, from unsafe locations and from Outlook attachments; COM alerts left on.',
    reason: 'The document or object came from outside and was not opened in isolation.',
  },
  {
    id: 'M1030',
    name: 'Network Segmentation',
    techniques: /^T1021\.00[23]|^T1559$/,
    kinds: ['dcom', 'named-pipe', 'rpc'],
    text: 'Host firewall: workstations take SMB (445) and RPC (135 and dynamic ports) from management hosts only, not from one another.',
    reason: 'The caller reached RPC or SMB of the target directly.',
  },
  {
    id: 'M1026',
    name: 'Privileged Account Management',
    techniques: /^T1134/,
    kinds: ['named-pipe'],
    text: 'Take SeImpersonatePrivilege from accounts that need no services; run services under virtual accounts; keep users out of local Administrators, who can create services.',
    reason: 'A privileged client’s token was offered to a pipe’s server.',
  },
  {
    id: 'M1018',
    name: 'User Account Management',
    techniques: /^T1569|^T1543/,
    kinds: ['named-pipe', 'rpc'],
    text: 'Only administration accounts may create and start services remotely: local accounts without remote administrative rights (LocalAccountTokenFilterPolicy=0), unique local administrator passwords (LAPS).',
    reason: 'The caller had the rights to drive the service control manager remotely.',
  },
  {
    id: 'M1013',
    name: 'Application Developer Guidance',
    techniques: /^T1559\.003/,
    kinds: ['xpc'],
    text: 'XPC services check the code signature and entitlements of their clients; hardened runtime without com.apple.security.get-task-allow.',
    reason: 'A privileged XPC service accepted an untrusted client.',
  },
]

/** What would have stopped this case: rules whose technique and channel kind both occur in it. */
export function mitigationsFor(techniques: readonly string[], kinds: readonly ChannelKind[]): Mitigation[] {
  return RULES.filter(
    (rule) => techniques.some((id) => rule.techniques.test(id)) && rule.kinds.some((kind) => kinds.includes(kind)),
  ).map(({ id, name, text, reason }) => ({ id, name, text, reason }))
}
