// Which Windows event a shape is: the log by its provider (then by its channel), and the event id. Forwarded logs keep both.
import type { SourceShape } from '../events/event.ts'

export type WindowsLog =
  | 'sysmon'
  | 'security'
  | 'service-control-manager'
  | 'distributed-com'
  | 'powershell'
  | 'powershell-classic'
  | 'wmi-activity'
  | 'task-scheduler'
  | 'eventlog'
  | 'rpc-firewall'
  | 'rpc'
  | 'com'
  | 'smb-server'

/** Provider names as their manifests write them, lower case. */
const BY_PROVIDER: ReadonlyMap<string, WindowsLog> = new Map<string, WindowsLog>([
  ['microsoft-windows-sysmon', 'sysmon'],
  ['microsoft-windows-security-auditing', 'security'],
  ['service control manager', 'service-control-manager'],
  ['microsoft-windows-distributedcom', 'distributed-com'],
  ['microsoft-windows-powershell', 'powershell'],
  ['powershellcore', 'powershell'],
  ['powershell', 'powershell-classic'],
  ['microsoft-windows-wmi-activity', 'wmi-activity'],
  ['microsoft-windows-taskscheduler', 'task-scheduler'],
  ['microsoft-windows-eventlog', 'eventlog'],
  ['rpcfw', 'rpc-firewall'],
  ['microsoft-windows-rpc', 'rpc'],
  ['microsoft-windows-com', 'com'],
  ['microsoft-windows-smbserver', 'smb-server'],
])

/** Channels that hold the events of one provider; for exports that drop the provider. */
const BY_CHANNEL: ReadonlyMap<string, WindowsLog> = new Map<string, WindowsLog>([
  ['microsoft-windows-sysmon/operational', 'sysmon'],
  ['security', 'security'],
  ['microsoft-windows-powershell/operational', 'powershell'],
  ['powershellcore/operational', 'powershell'],
  ['windows powershell', 'powershell-classic'],
  ['microsoft-windows-wmi-activity/operational', 'wmi-activity'],
  ['microsoft-windows-taskscheduler/operational', 'task-scheduler'],
  ['rpcfw', 'rpc-firewall'],
])

/** The event ids of System that belong to one provider only; for exports that drop the provider. */
const SYSTEM_IDS: Readonly<Record<number, WindowsLog>> = {
  104: 'eventlog',
  7036: 'service-control-manager',
  7040: 'service-control-manager',
  7045: 'service-control-manager',
  10016: 'distributed-com',
  10028: 'distributed-com',
  10036: 'distributed-com',
}

export interface WindowsEvent {
  log: WindowsLog
  id: number
}

/** undefined: not an event of a Windows log that anything here reads. */
export function windowsEvent(shape: SourceShape): WindowsEvent | undefined {
  const id = Number(shape.eventId)
  if (!Number.isInteger(id)) return undefined
  const provider = shape.provider.toLowerCase()
  const channel = shape.channel.toLowerCase()
  const log =
    BY_PROVIDER.get(provider) ??
    (provider === '' ? (BY_CHANNEL.get(channel) ?? (channel === 'system' ? SYSTEM_IDS[id] : undefined)) : undefined)
  if (log) return { log, id }
  return shape.is({ product: 'windows', service: 'sysmon' }) ? { log: 'sysmon', id } : undefined
}

/** Whether the shape is one of these events. */
export function isWindowsEvent(shape: SourceShape, log: WindowsLog, ...ids: readonly number[]): boolean {
  const event = windowsEvent(shape)
  return event?.log === log && ids.includes(event.id)
}
