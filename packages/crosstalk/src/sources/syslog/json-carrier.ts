// Syslog's messages inside JSON: a table of who wraps them how. Data only; read-json-carried.ts reads it.

export interface JsonCarrier {
  readonly name: string
  /** of each group at least one name must be there */
  readonly needs: readonly (readonly string[])[]
  readonly message: string
  /** names, in order of preference */
  readonly time: readonly string[]
  readonly host: readonly string[]
  readonly program: readonly string[]
  readonly pid: readonly string[]
  readonly facility: readonly string[]
  readonly severity: readonly string[]
  /** the serial of the audit event that a record is of, where the message does not have it */
  readonly auditSerial?: readonly string[]
}

/** Azure Monitor's and Microsoft Sentinel's table Syslog ("Azure Monitor Logs table reference: Syslog"). */
export const azureSyslog: JsonCarrier = {
  name: 'azure-syslog',
  needs: [['SyslogMessage'], ['TimeGenerated', 'EventTime', 'TimeGenerated [UTC]']],
  message: 'SyslogMessage',
  time: ['TimeGenerated', 'EventTime', 'TimeGenerated [UTC]'],
  host: ['Computer', 'HostName', 'HostIP'],
  program: ['ProcessName'],
  pid: ['ProcessID'],
  facility: ['Facility'],
  severity: ['SeverityLevel'],
}

/** rsyslog's %jsonmesg% and templates after it. */
export const rsyslogJson: JsonCarrier = {
  name: 'rsyslog-json',
  needs: [
    ['msg', 'message'],
    ['timereported', 'timegenerated', 'timestamp'],
    ['syslogtag', 'programname'],
    ['hostname', 'fromhost', 'host'],
  ],
  message: 'msg',
  time: ['timereported', 'timegenerated', 'timestamp'],
  host: ['hostname', 'host', 'fromhost'],
  program: ['programname', 'syslogtag'],
  pid: ['procid'],
  facility: ['syslogfacility', 'facility'],
  severity: ['syslogseverity', 'severity'],
}

/** Fluent Bit's parsers syslog-rfc3164 and syslog-rfc5424 (documentation, "Syslog"). */
export const fluentBitSyslog: JsonCarrier = {
  name: 'fluent-bit-syslog',
  needs: [['message'], ['pri'], ['host'], ['ident']],
  message: 'message',
  time: ['date', '@timestamp', 'time'],
  host: ['host'],
  program: ['ident'],
  pid: ['pid'],
  facility: [],
  severity: [],
}

/** `journalctl -o json` and what reads the journal (systemd.journal-fields(7), "Journal JSON Format"). */
export const journal: JsonCarrier = {
  name: 'journald',
  needs: [['MESSAGE'], ['__REALTIME_TIMESTAMP', '_SOURCE_REALTIME_TIMESTAMP']],
  message: 'MESSAGE',
  // The moment at the sender is the truer one, where it is written.
  time: ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'],
  host: ['_HOSTNAME'],
  program: ['SYSLOG_IDENTIFIER', '_COMM'],
  pid: ['_PID', 'SYSLOG_PID'],
  facility: ['SYSLOG_FACILITY'],
  severity: ['PRIORITY'],
  auditSerial: ['_AUDIT_ID'],
}

/**
 * Filebeat's and Agent's inputs journald and syslog, and what the integration System makes of auth.log and syslog (elastic/beats, filebeat/input/journald/pkg/journalfield;
 * elastic/integrations, packages/system).
 */
export const elasticSyslog: JsonCarrier = {
  name: 'elastic-syslog',
  needs: [
    ['message'],
    ['@timestamp'],
    ['host.hostname', 'host.name', 'log.syslog.hostname', 'agent.hostname', 'agent.name'],
    ['syslog.identifier', 'log.syslog.appname', 'process.name', 'journald.process.name'],
    ['syslog.', 'log.syslog.', 'journald.', 'system.auth.', 'system.syslog.'],
  ],
  message: 'message',
  time: ['@timestamp'],
  // Where a collector forwards for others, what syslog itself says is nearer.
  host: ['log.syslog.hostname', 'host.hostname', 'host.name', 'agent.hostname', 'agent.name'],
  program: ['syslog.identifier', 'log.syslog.appname', 'process.name', 'journald.process.name'],
  pid: ['syslog.pid', 'log.syslog.procid', 'process.pid', 'journald.pid'],
  facility: ['syslog.facility', 'log.syslog.facility.code'],
  severity: ['syslog.priority', 'log.syslog.severity.code', 'log.syslog.priority'],
}
