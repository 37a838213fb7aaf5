// Events as `crosstalk dump` writes them → flat, with the names that forwarders give: a form that other tools read too.

type Event = Record<string, unknown>

/** A record of an event log, flat, its header by the names of NXLog; a line that is none stays as it is. */
export function flatWindowsEvent(line: Event): Event {
  const record = (line.event as { Event?: { System?: Event; EventData?: Event; UserData?: Event } } | undefined)?.Event
  const system = record?.System
  if (!record || !system) return line
  const attribute = (name: string, of: string) =>
    (system[name] as { '#attributes'?: Event } | undefined)?.['#attributes']?.[of]
  const data = record.EventData ?? Object.values(record.UserData ?? {})[0] ?? {}
  const named = Object.entries(data)
    .filter(([name, value]) => name !== '#attributes' && value !== null)
    .map(([name, value]) => [name, textOf(value)])
  // Data of a record may have names of the header's (System 104 tells the Channel that was cleared): the header is what log sources mean.
  return {
    product: 'windows',
    ...Object.fromEntries(named),
    Channel: system.Channel,
    EventID: textOf(system.EventID),
    SourceName: attribute('Provider', 'Name'),
    Hostname: system.Computer,
    '@timestamp': attribute('TimeCreated', 'SystemTime'),
    Level: system.Level,
  }
}

/** Sysmon for Linux's manual: event id → Sigma's category. */
const SYSMON_LINUX: Readonly<Record<string, string>> = {
  1: 'process_creation',
  3: 'network_connection',
  5: 'process_termination',
  9: 'raw_access_thread',
  11: 'file_event',
  23: 'file_delete',
}

/** An event of Sysmon for Linux, auditd or auoms with what it is of, in the fields that rsigma looks for it in; undefined when it is none of them. */
export function flatLinuxEvent(line: Event): Event | undefined {
  const event = line.event as Event | undefined
  if (event === undefined) return undefined
  const product = 'linux'
  if (event.Channel === 'Linux-Sysmon/Operational')
    return { product, service: 'sysmon', category: SYSMON_LINUX[String(event.EventID)], ...event }
  // A system call put together from audit records, and auoms's line of a process start: the taxonomy's names, or auoms's own.
  if (event.Syscall !== undefined) return { product, category: categoryOfCall(event), ...event }
  if (String(event.type).startsWith('AUOMS_'))
    return { product, category: 'process_creation', Image: event.exe, CommandLine: event.cmdline, ...event }
  return typeof event.type === 'string' ? { product, service: 'auditd', ...event } : undefined
}

/** Only `ipc` has the call's arguments; what such a call creates with an `open` is a file as well, and rules are for that. */
function categoryOfCall(call: Event): string {
  const name = String(call.Syscall)
  if (name === 'execve' || name === 'execveat') return 'process_creation'
  if (call.DestinationIp !== undefined) return 'network_connection'
  const creates = call.TargetNametype === 'CREATE' && (name.startsWith('open') || name === 'creat')
  return call.Argument0 === undefined || creates ? 'file_event' : 'ipc'
}

/** An element with attributes is an object of both. */
function textOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '#text' in value ? value['#text'] : value
}
