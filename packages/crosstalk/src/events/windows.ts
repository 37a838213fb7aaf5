// Which log sources of Sigma's taxonomy a Windows event satisfies, and under which names its fields go there. The event's own provider, channel and id
// decide, never the file's name: what a collector forwarded is what it was on its host.
// Sources: Sigma specification, appendix taxonomy; SigmaHQ's logsource guides; pySigma-pipeline-windows and -sysmon (which field is which).
import type { LogSource } from '@crosstalk/sigma'

export interface WindowsClass {
  logSources: readonly LogSource[]
  /** Sigma's name → the event's own field name */
  aliases: Readonly<Record<string, string>>
}

const NO_ALIASES: Readonly<Record<string, string>> = {}

/** Sysmon's event ids and the categories that they are (Sysmon documentation; taxonomy, "Windows"). */
const SYSMON: Readonly<Record<number, readonly string[]>> = {
  1: ['process_creation'],
  2: ['file_change'],
  3: ['network_connection'],
  4: ['sysmon_status'],
  5: ['process_termination'],
  6: ['driver_load'],
  7: ['image_load'],
  8: ['create_remote_thread'],
  9: ['raw_access_thread'],
  10: ['process_access'],
  11: ['file_event'],
  12: ['registry_event', 'registry_add', 'registry_delete'],
  13: ['registry_event', 'registry_set'],
  14: ['registry_event', 'registry_rename'],
  15: ['create_stream_hash'],
  16: ['sysmon_status'],
  17: ['pipe_created'],
  18: ['pipe_created'],
  19: ['wmi_event'],
  20: ['wmi_event'],
  21: ['wmi_event'],
  22: ['dns_query'],
  23: ['file_delete'],
  24: ['clipboard_capture'],
  25: ['process_tampering'],
  26: ['file_delete'],
  27: ['file_block_executable'],
  28: ['file_block_shredding'],
  29: ['file_executable_detected'],
  255: ['sysmon_error'],
}

/** Channels and the services they are. Lower case; what stands here is matched whole. */
const SERVICES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>(
  Object.entries({
    security: ['security'],
    system: ['system'],
    application: ['application'],
    'microsoft-windows-sysmon/operational': ['sysmon'],
    'windows powershell': ['powershell-classic'],
    'microsoft-windows-powershell/operational': ['powershell'],
    'powershellcore/operational': ['powershell'],
    'microsoft-windows-windows defender/operational': ['windefend'],
    'microsoft-windows-dns-client/operational': ['dns-client'],
    'dns server': ['dns-server'],
    'microsoft-windows-dns-server/audit': ['dns-server-audit'],
    'microsoft-windows-dnsserver/audit': ['dns-server-audit'],
    'microsoft-windows-dns-server/analytical': ['dns-server-analytic'],
    'microsoft-windows-dnsserver/analytical': ['dns-server-analytic'],
    'microsoft-windows-wmi-activity/operational': ['wmi'],
    'microsoft-windows-taskscheduler/operational': ['taskscheduler'],
    'microsoft-windows-bits-client/operational': ['bits-client'],
    'microsoft-windows-ntlm/operational': ['ntlm'],
    'microsoft-windows-codeintegrity/operational': ['codeintegrity-operational'],
    'microsoft-windows-security-mitigations/kernelmode': ['security-mitigations'],
    'microsoft-windows-security-mitigations/usermode': ['security-mitigations'],
    'microsoft-windows-security-mitigations/kernel mode': ['security-mitigations'],
    'microsoft-windows-security-mitigations/user mode': ['security-mitigations'],
    'microsoft-windows-windows firewall with advanced security/firewall': ['firewall-as'],
    'microsoft-windows-smbclient/security': ['smbclient-security'],
    'microsoft-windows-smbclient/connectivity': ['smbclient-connectivity'],
    'microsoft-windows-smbserver/connectivity': ['smbserver-connectivity'],
    'microsoft-windows-applocker/exe and dll': ['applocker'],
    'microsoft-windows-applocker/msi and script': ['applocker'],
    'microsoft-windows-applocker/packaged app-deployment': ['applocker'],
    'microsoft-windows-applocker/packaged app-execution': ['applocker'],
    'msexchange management': ['msexchange-management'],
    'microsoft-servicebus-client': ['microsoft-servicebus-client', 'servicebus-client'],
    'microsoft-windows-driverframeworks-usermode/operational': ['driver-framework'],
    'microsoft-windows-printservice/admin': ['printservice-admin'],
    'microsoft-windows-printservice/operational': ['printservice-operational'],
    'microsoft-windows-terminalservices-localsessionmanager/operational': ['terminalservices-localsessionmanager'],
    'microsoft-windows-ldap-client/debug': ['ldap_debug', 'ldap'],
    'microsoft-windows-lsa/operational': ['lsa-server'],
    'microsoft-windows-vhdmp-operational': ['vhdmp'],
    'microsoft-windows-vhdmp/operational': ['vhdmp'],
    'microsoft-windows-appxdeploymentserver/operational': ['appxdeployment-server'],
    'microsoft-windows-appxpackaging/operational': ['appxpackaging-om'],
    'microsoft-windows-appmodel-runtime/admin': ['appmodel-runtime'],
    'microsoft-windows-capi2/operational': ['capi2'],
    'microsoft-windows-certificateservicesclient-lifecycle-system/operational': [
      'certificateservicesclient-lifecycle-system',
    ],
    'microsoft-windows-shell-core/operational': ['shell-core'],
    'microsoft-windows-diagnosis-scripted/operational': ['diagnosis-scripted'],
    'microsoft-windows-iis-configuration/operational': ['iis-configuration'],
    'openssh/operational': ['openssh'],
    'microsoft-windows-dhcp-server/operational': ['dhcp'],
    'microsoft-windows-kernel-event tracing/admin': ['kernel-event-tracing'],
    'microsoft-windows-kernel-shimengine/operational': ['kernel-shimengine'],
    'microsoft-windows-hyper-v-worker-operational': ['hyper-v-worker'],
    'microsoft-windows-audit-cve/operational': ['audit-cve'],
    rpcfw: ['rpcfw'],
  }),
)

/** Providers that write to Application or System but are a log source of their own. */
const PROVIDERS: ReadonlyMap<string, LogSource> = new Map<string, LogSource>([
  ['rpcfw', { product: 'rpc_firewall', category: 'application' }],
])

const PROCESS_4688 = {
  Image: 'NewProcessName',
  ParentImage: 'ParentProcessName',
  User: 'SubjectUserName',
  LogonId: 'SubjectLogonId',
  IntegrityLevel: 'MandatoryLabel',
  ParentProcessId: 'ProcessId',
} // prettier-ignore
const REGISTRY_4657 = { TargetObject: 'ObjectName', Details: 'NewValue', Image: 'ProcessName', User: 'SubjectUserName' }
const CONNECTION_5156 = {
  Image: 'Application',
  SourceIp: 'SourceAddress',
  DestinationIp: 'DestAddress',
  DestinationPort: 'DestPort',
}

/** What an event is, by the provider's and channel's names as written and its id. Slow: keep the result by shape. */
export function classifyWindows(provider: string, channel: string, eventId: number): WindowsClass {
  const log = channel.toLowerCase()
  const from = provider.toLowerCase()
  const logSources: LogSource[] = []
  let aliases = NO_ALIASES
  const category = (...names: string[]) => {
    for (const name of names) logSources.push({ product: 'windows', category: name })
  }
  if (from === 'microsoft-windows-sysmon' || log === 'microsoft-windows-sysmon/operational') {
    const of = SYSMON[eventId] ?? []
    for (const name of of) logSources.push({ product: 'windows', category: name, service: 'sysmon' })
    logSources.push({ product: 'windows', service: 'sysmon' })
    return { logSources, aliases }
  }
  if (from === 'microsoft-windows-security-auditing' || (from === '' && log === 'security')) {
    if (eventId === 4688) {
      category('process_creation')
      aliases = PROCESS_4688
    } else if (eventId === 4657) {
      category('registry_event', 'registry_set', 'registry_add', 'registry_delete')
      aliases = REGISTRY_4657
    } else if (eventId === 5156) {
      category('network_connection')
      aliases = CONNECTION_5156
    } else if (eventId === 4689) {
      category('process_termination')
      aliases = { Image: 'ProcessName' }
    }
  }
  if (log === 'windows powershell' || from === 'powershell') {
    if (eventId === 400) category('ps_classic_start')
    else if (eventId === 600) category('ps_classic_provider_start')
    else if (eventId === 800) category('ps_classic_script')
  }
  if (log === 'microsoft-windows-powershell/operational' || log === 'powershellcore/operational') {
    if (eventId === 4103) category('ps_module')
    else if (eventId === 4104) category('ps_script')
  }
  // Sigma names this category after what the providers of ETW for files and Security's object access can tell.
  if (from === 'microsoft-windows-kernel-file') {
    if (eventId === 12 || eventId === 30) category('file_access')
    else if (eventId === 19 || eventId === 27) category('file_rename')
  }
  for (const service of SERVICES.get(log) ?? []) logSources.push({ product: 'windows', service })
  const own = PROVIDERS.get(from)
  if (own) logSources.push(own)
  if (!logSources.length) logSources.push({ product: 'windows' })
  return { logSources, aliases }
}

/** Every service and category that `classifyWindows` can give: `rules check` and `coverage` ask. */
export function windowsLogSources(): { categories: string[]; services: string[] } {
  const categories = new Set(Object.values(SYSMON).flat())
  for (const name of [
    'ps_classic_start',
    'ps_classic_provider_start',
    'ps_classic_script',
    'ps_module',
    'ps_script',
    'file_access',
    'file_rename',
  ])
    categories.add(name)
  return {
    categories: [...categories].sort(),
    services: [...new Set(['sysmon', ...[...SERVICES.values()].flat()])].sort(),
  }
}
