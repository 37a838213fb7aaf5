// Names and tactics of the ATT&CK techniques that Crosstalk speaks of (Enterprise v18.1). Names only: descriptions are read from the
// ATT&CK bundle that the user gives, at run time.
export interface TechniqueName {
  name: string
  tactic: string
}

export const TECHNIQUES: Readonly<Record<string, TechniqueName>> = {
  T1003: { name: 'OS Credential Dumping', tactic: 'credential-access' },
  'T1003.002': { name: 'Security Account Manager', tactic: 'credential-access' },
  'T1003.004': { name: 'LSA Secrets', tactic: 'credential-access' },
  'T1003.006': { name: 'DCSync', tactic: 'credential-access' },
  T1018: { name: 'Remote System Discovery', tactic: 'discovery' },
  T1021: { name: 'Remote Services', tactic: 'lateral-movement' },
  'T1021.002': { name: 'SMB/Windows Admin Shares', tactic: 'lateral-movement' },
  'T1021.003': { name: 'Distributed Component Object Model', tactic: 'lateral-movement' },
  'T1021.006': { name: 'Windows Remote Management', tactic: 'lateral-movement' },
  T1027: { name: 'Obfuscated Files or Information', tactic: 'defense-evasion' },
  T1033: { name: 'System Owner/User Discovery', tactic: 'discovery' },
  T1046: { name: 'Network Service Discovery', tactic: 'discovery' },
  T1047: { name: 'Windows Management Instrumentation', tactic: 'execution' },
  'T1053.002': { name: 'At', tactic: 'execution' },
  'T1053.005': { name: 'Scheduled Task', tactic: 'execution' },
  T1055: { name: 'Process Injection', tactic: 'privilege-escalation' },
  'T1055.008': { name: 'Ptrace System Calls', tactic: 'defense-evasion' },
  'T1055.009': { name: 'Proc Memory', tactic: 'defense-evasion' },
  T1056: { name: 'Input Capture', tactic: 'collection' },
  'T1056.001': { name: 'Keylogging', tactic: 'collection' },
  T1057: { name: 'Process Discovery', tactic: 'discovery' },
  T1059: { name: 'Command and Scripting Interpreter', tactic: 'execution' },
  'T1059.001': { name: 'PowerShell', tactic: 'execution' },
  'T1059.002': { name: 'AppleScript', tactic: 'execution' },
  'T1059.003': { name: 'Windows Command Shell', tactic: 'execution' },
  'T1059.004': { name: 'Unix Shell', tactic: 'execution' },
  'T1059.005': { name: 'Visual Basic', tactic: 'execution' },
  'T1059.007': { name: 'JavaScript', tactic: 'execution' },
  T1068: { name: 'Exploitation for Privilege Escalation', tactic: 'privilege-escalation' },
  T1078: { name: 'Valid Accounts', tactic: 'initial-access' },
  T1087: { name: 'Account Discovery', tactic: 'discovery' },
  'T1087.002': { name: 'Domain Account', tactic: 'discovery' },
  T1095: { name: 'Non-Application Layer Protocol', tactic: 'command-and-control' },
  T1105: { name: 'Ingress Tool Transfer', tactic: 'command-and-control' },
  T1106: { name: 'Native API', tactic: 'execution' },
  T1112: { name: 'Modify Registry', tactic: 'defense-evasion' },
  T1113: { name: 'Screen Capture', tactic: 'collection' },
  T1115: { name: 'Clipboard Data', tactic: 'collection' },
  T1134: { name: 'Access Token Manipulation', tactic: 'privilege-escalation' },
  'T1134.001': { name: 'Token Impersonation/Theft', tactic: 'privilege-escalation' },
  T1135: { name: 'Network Share Discovery', tactic: 'discovery' },
  T1136: { name: 'Create Account', tactic: 'persistence' },
  'T1136.001': { name: 'Local Account', tactic: 'persistence' },
  T1187: { name: 'Forced Authentication', tactic: 'credential-access' },
  T1197: { name: 'BITS Jobs', tactic: 'defense-evasion' },
  T1204: { name: 'User Execution', tactic: 'execution' },
  'T1204.002': { name: 'Malicious File', tactic: 'execution' },
  T1210: { name: 'Exploitation of Remote Services', tactic: 'lateral-movement' },
  T1218: { name: 'System Binary Proxy Execution', tactic: 'defense-evasion' },
  'T1218.005': { name: 'Mshta', tactic: 'defense-evasion' },
  'T1218.010': { name: 'Regsvr32', tactic: 'defense-evasion' },
  'T1218.011': { name: 'Rundll32', tactic: 'defense-evasion' },
  T1489: { name: 'Service Stop', tactic: 'impact' },
  'T1499.004': { name: 'Application or System Exploitation', tactic: 'impact' },
  T1505: { name: 'Server Software Component', tactic: 'persistence' },
  'T1505.003': { name: 'Web Shell', tactic: 'persistence' },
  T1543: { name: 'Create or Modify System Process', tactic: 'persistence' },
  'T1543.001': { name: 'Launch Agent', tactic: 'persistence' },
  'T1543.002': { name: 'Systemd Service', tactic: 'persistence' },
  'T1543.003': { name: 'Windows Service', tactic: 'persistence' },
  'T1543.004': { name: 'Launch Daemon', tactic: 'persistence' },
  T1546: { name: 'Event Triggered Execution', tactic: 'persistence' },
  'T1546.003': { name: 'Windows Management Instrumentation Event Subscription', tactic: 'persistence' },
  'T1546.015': { name: 'Component Object Model Hijacking', tactic: 'persistence' },
  'T1546.016': { name: 'Installer Packages', tactic: 'privilege-escalation' },
  'T1547.001': { name: 'Registry Run Keys / Startup Folder', tactic: 'persistence' },
  T1548: { name: 'Abuse Elevation Control Mechanism', tactic: 'privilege-escalation' },
  'T1548.002': { name: 'Bypass User Account Control', tactic: 'privilege-escalation' },
  'T1548.004': { name: 'Elevated Execution with Prompt', tactic: 'privilege-escalation' },
  'T1548.006': { name: 'TCC Manipulation', tactic: 'defense-evasion' },
  T1552: { name: 'Unsecured Credentials', tactic: 'credential-access' },
  'T1552.004': { name: 'Private Keys', tactic: 'credential-access' },
  T1555: { name: 'Credentials from Password Stores', tactic: 'credential-access' },
  T1556: { name: 'Modify Authentication Process', tactic: 'credential-access' },
  T1559: { name: 'Inter-Process Communication', tactic: 'execution' },
  'T1559.001': { name: 'Component Object Model', tactic: 'execution' },
  'T1559.002': { name: 'Dynamic Data Exchange', tactic: 'execution' },
  'T1559.003': { name: 'XPC Services', tactic: 'execution' },
  T1563: { name: 'Remote Service Session Hijacking', tactic: 'lateral-movement' },
  'T1563.001': { name: 'SSH Hijacking', tactic: 'lateral-movement' },
  'T1566.001': { name: 'Spearphishing Attachment', tactic: 'initial-access' },
  T1569: { name: 'System Services', tactic: 'execution' },
  'T1569.001': { name: 'Launchctl', tactic: 'execution' },
  'T1569.002': { name: 'Service Execution', tactic: 'execution' },
  'T1569.003': { name: 'Systemctl', tactic: 'execution' },
  T1570: { name: 'Lateral Tool Transfer', tactic: 'lateral-movement' },
  T1574: { name: 'Hijack Execution Flow', tactic: 'persistence' },
  'T1574.006': { name: 'Dynamic Linker Hijacking', tactic: 'persistence' },
  T1610: { name: 'Deploy Container', tactic: 'defense-evasion' },
  T1611: { name: 'Escape to Host', tactic: 'privilege-escalation' },
  T1620: { name: 'Reflective Code Loading', tactic: 'defense-evasion' },
  T1647: { name: 'Plist File Modification', tactic: 'defense-evasion' },
}

/** The technique's name, or its id where Crosstalk has no name for it. */
export function techniqueName(id: string): string {
  return TECHNIQUES[id]?.name ?? TECHNIQUES[id.split('.')[0]]?.name ?? id
}

export function techniqueTactic(id: string): string {
  return TECHNIQUES[id]?.tactic ?? TECHNIQUES[id.split('.')[0]]?.tactic ?? ''
}

/** `attack.t1559.001` of a rule's tags → `T1559.001`. */
export function techniquesOfTags(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1].toUpperCase() ?? [])
}
