// Names and tactics of the ATT&CK techniques that Crosstalk speaks of (Enterprise v18.1). Names only: descriptions are read from the
// ATT&CK bundle that the user gives, at run time.
export interface TechniqueName {
  name: string
  tactic: string
}

/** By the tactic under which Crosstalk tells of them. */
const BY_TACTIC: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'initial-access': {
    T1078: 'Valid Accounts',
    'T1566.001': 'Spearphishing Attachment',
  },
  execution: {
    T1047: 'Windows Management Instrumentation',
    'T1053.002': 'At',
    'T1053.005': 'Scheduled Task',
    T1059: 'Command and Scripting Interpreter',
    'T1059.001': 'PowerShell',
    'T1059.002': 'AppleScript',
    'T1059.003': 'Windows Command Shell',
    'T1059.004': 'Unix Shell',
    'T1059.005': 'Visual Basic',
    'T1059.007': 'JavaScript',
    T1106: 'Native API',
    T1204: 'User Execution',
    'T1204.002': 'Malicious File',
    T1559: 'Inter-Process Communication',
    'T1559.001': 'Component Object Model',
    'T1559.002': 'Dynamic Data Exchange',
    'T1559.003': 'XPC Services',
    T1569: 'System Services',
    'T1569.001': 'Launchctl',
    'T1569.002': 'Service Execution',
    'T1569.003': 'Systemctl',
  },
  persistence: {
    T1136: 'Create Account',
    'T1136.001': 'Local Account',
    T1505: 'Server Software Component',
    'T1505.003': 'Web Shell',
    T1543: 'Create or Modify System Process',
    'T1543.001': 'Launch Agent',
    'T1543.002': 'Systemd Service',
    'T1543.003': 'Windows Service',
    'T1543.004': 'Launch Daemon',
    T1546: 'Event Triggered Execution',
    'T1546.003': 'Windows Management Instrumentation Event Subscription',
    'T1546.015': 'Component Object Model Hijacking',
    'T1547.001': 'Registry Run Keys / Startup Folder',
    T1574: 'Hijack Execution Flow',
    'T1574.006': 'Dynamic Linker Hijacking',
  },
  'privilege-escalation': {
    T1055: 'Process Injection',
    T1068: 'Exploitation for Privilege Escalation',
    T1134: 'Access Token Manipulation',
    'T1134.001': 'Token Impersonation/Theft',
    'T1546.016': 'Installer Packages',
    T1548: 'Abuse Elevation Control Mechanism',
    'T1548.002': 'Bypass User Account Control',
    'T1548.004': 'Elevated Execution with Prompt',
    T1611: 'Escape to Host',
  },
  'defense-evasion': {
    T1027: 'Obfuscated Files or Information',
    'T1055.008': 'Ptrace System Calls',
    'T1055.009': 'Proc Memory',
    T1112: 'Modify Registry',
    T1197: 'BITS Jobs',
    T1218: 'System Binary Proxy Execution',
    'T1218.005': 'Mshta',
    'T1218.010': 'Regsvr32',
    'T1218.011': 'Rundll32',
    'T1548.006': 'TCC Manipulation',
    T1610: 'Deploy Container',
    T1620: 'Reflective Code Loading',
    T1647: 'Plist File Modification',
  },
  'credential-access': {
    T1003: 'OS Credential Dumping',
    'T1003.002': 'Security Account Manager',
    'T1003.004': 'LSA Secrets',
    'T1003.006': 'DCSync',
    T1187: 'Forced Authentication',
    T1552: 'Unsecured Credentials',
    'T1552.004': 'Private Keys',
    T1555: 'Credentials from Password Stores',
    T1556: 'Modify Authentication Process',
  },
  discovery: {
    T1018: 'Remote System Discovery',
    T1033: 'System Owner/User Discovery',
    T1046: 'Network Service Discovery',
    T1057: 'Process Discovery',
    T1087: 'Account Discovery',
    'T1087.002': 'Domain Account',
    T1135: 'Network Share Discovery',
  },
  'lateral-movement': {
    T1021: 'Remote Services',
    'T1021.002': 'SMB/Windows Admin Shares',
    'T1021.003': 'Distributed Component Object Model',
    'T1021.006': 'Windows Remote Management',
    T1210: 'Exploitation of Remote Services',
    T1563: 'Remote Service Session Hijacking',
    'T1563.001': 'SSH Hijacking',
    T1570: 'Lateral Tool Transfer',
  },
  collection: {
    T1056: 'Input Capture',
    'T1056.001': 'Keylogging',
    T1113: 'Screen Capture',
    T1115: 'Clipboard Data',
  },
  'command-and-control': {
    T1095: 'Non-Application Layer Protocol',
    T1105: 'Ingress Tool Transfer',
  },
  impact: {
    T1489: 'Service Stop',
    'T1499.004': 'Application or System Exploitation',
  },
}

export const TECHNIQUES: Readonly<Record<string, TechniqueName>> = Object.fromEntries(
  Object.entries(BY_TACTIC).flatMap(([tactic, names]) =>
    Object.entries(names).map(([id, name]) => [id, { name, tactic }]),
  ),
)

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
