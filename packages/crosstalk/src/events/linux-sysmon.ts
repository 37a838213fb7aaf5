// What events of Sysmon for Linux are, whoever brought them: syslog, or collectors that make records of Windows's form of them.
import type { LogSource } from '@crosstalk/sigma'

export const LINUX_SYSMON = 'Linux-Sysmon/Operational'

/** Event ids of Sysmon for Linux and the categories that they are (Sysmon for Linux, README; Sigma specification, appendix taxonomy). */
const CATEGORIES: Readonly<Record<number, string>> = {
  1: 'process_creation',
  2: 'file_change',
  3: 'network_connection',
  4: 'sysmon_status',
  5: 'process_termination',
  8: 'create_remote_thread',
  9: 'raw_access_thread',
  10: 'process_access',
  11: 'file_event',
  16: 'sysmon_status',
  22: 'dns_query',
  23: 'file_delete',
}

export const linuxSysmonLogSource = (eventId: number): LogSource => {
  const category = CATEGORIES[eventId]
  return { product: 'linux', service: 'sysmon', ...(category && { category }) }
}
