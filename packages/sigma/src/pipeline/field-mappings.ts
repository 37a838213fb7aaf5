// How sources name what Sigma's taxonomy names (Sysmon's names). Data, for sources that give their fields aliases, and for pipelines that rename the fields of rules.
// Sources: Security 4688, 4657, 5156: Microsoft's audit event schemas, and pySigma-pipeline-windows; ECS: Elastic Common Schema 8, Winlogbeat's Sysmon module and pySigma's ecs_windows; auditd: the audit
// records' own fields; Endpoint Security: the messages of `eslogger`; Zeek: conn.log and http.log of Zeek 6.
import type { LogSource } from '../log-source.ts'

export interface FieldMapping {
  /** what the names on the left belong to */
  readonly logSource: LogSource
  /** Sigma's name → the source's; of several, the first that an event has */
  readonly fields: Readonly<Record<string, string | readonly string[]>>
}

const ECS_PROCESS = {
  ProcessId: 'process.pid',
  ProcessGuid: 'process.entity_id',
  Image: 'process.executable',
  CommandLine: 'process.command_line',
  CurrentDirectory: 'process.working_directory',
  ParentProcessId: 'process.parent.pid',
  ParentProcessGuid: 'process.parent.entity_id',
  ParentImage: 'process.parent.executable',
  ParentCommandLine: 'process.parent.command_line',
  OriginalFileName: 'process.pe.original_file_name',
  Company: 'process.pe.company',
  Product: 'process.pe.product',
  Description: 'process.pe.description',
  FileVersion: 'process.pe.file_version',
  Imphash: 'process.pe.imphash',
  md5: 'process.hash.md5',
  sha1: 'process.hash.sha1',
  sha256: 'process.hash.sha256',
  User: 'user.name',
} as const

const SYSMON_LINUX_PROCESS = [
  'UtcTime',
  'ProcessGuid',
  'ProcessId',
  'Image',
  'FileVersion',
  'Description',
  'Product',
  'Company',
  'OriginalFileName',
  'CommandLine',
  'CurrentDirectory',
  'User',
  'LogonGuid',
  'LogonId',
  'TerminalSessionId',
  'IntegrityLevel',
  'Hashes',
  'ParentProcessGuid',
  'ParentProcessId',
  'ParentImage',
  'ParentCommandLine',
  'ParentUser',
] // prettier-ignore

/** By source and log source. */
export const FIELD_MAPPINGS: Readonly<Record<string, readonly FieldMapping[]>> = {
  /** Windows' own audit events, where Sysmon is not there. 4688 has names of processes where Sysmon has whole paths too: both are paths. */
  'windows-security': [
    {
      logSource: { product: 'windows', category: 'process_creation' },
      fields: {
        Image: 'NewProcessName',
        ParentImage: 'ParentProcessName',
        User: 'SubjectUserName',
        LogonId: 'SubjectLogonId',
        IntegrityLevel: 'MandatoryLabel',
        ProcessId: 'NewProcessId',
        ParentProcessId: 'ProcessId',
      },
    },
    {
      logSource: { product: 'windows', category: 'registry_event' },
      fields: { TargetObject: 'ObjectName', Details: 'NewValue', Image: 'ProcessName', User: 'SubjectUserName' },
    },
    {
      logSource: { product: 'windows', category: 'network_connection' },
      fields: {
        Image: 'Application',
        SourceIp: 'SourceAddress',
        SourcePort: 'SourcePort',
        DestinationIp: 'DestAddress',
        DestinationPort: 'DestPort',
      },
    },
  ],
  /** Winlogbeat and Elastic Agent. Fields without a name of their own in ECS stay below winlog.event_data. */
  ecs: [
    {
      logSource: { product: 'windows' },
      fields: {
        EventID: 'event.code',
        Channel: 'winlog.channel',
        Provider_Name: ['winlog.provider_name', 'event.provider'],
        Computer: ['winlog.computer_name', 'host.name'],
        EventRecordID: 'winlog.record_id',
      },
    },
    { logSource: { category: 'process_creation' }, fields: ECS_PROCESS },
    {
      logSource: { category: 'network_connection' },
      fields: {
        Image: 'process.executable',
        ProcessId: 'process.pid',
        User: 'user.name',
        Protocol: 'network.transport',
        SourceIp: 'source.ip',
        SourcePort: 'source.port',
        SourceHostname: 'source.domain',
        DestinationIp: 'destination.ip',
        DestinationPort: 'destination.port',
        DestinationHostname: 'destination.domain',
      },
    },
    {
      logSource: { category: 'file_event' },
      fields: { Image: 'process.executable', ProcessId: 'process.pid', TargetFilename: 'file.path', User: 'user.name' },
    },
    {
      logSource: { category: 'image_load' },
      fields: {
        Image: 'process.executable',
        ImageLoaded: ['dll.path', 'file.path'],
        OriginalFileName: 'file.pe.original_file_name',
        Company: 'file.pe.company',
        Product: 'file.pe.product',
        Description: 'file.pe.description',
        FileVersion: 'file.pe.file_version',
        Imphash: 'file.pe.imphash',
        Signed: 'file.code_signature.signed',
        Signature: 'file.code_signature.subject_name',
        SignatureStatus: 'file.code_signature.status',
      },
    },
    {
      logSource: { category: 'registry_event' },
      fields: { Image: 'process.executable', TargetObject: 'registry.path', Details: 'registry.data.strings' },
    },
    { logSource: { category: 'pipe_created' }, fields: { Image: 'process.executable', PipeName: 'file.name' } },
    {
      logSource: { category: 'dns_query' },
      fields: { Image: 'process.executable', QueryName: 'dns.question.name', QueryResults: 'dns.answers.data' },
    },
  ],
  /** SYSCALL, PROCTITLE and CWD records of one event, joined; the Azure Monitor agent (auoms) writes the command line as `cmdline`. */
  auditd: [
    {
      logSource: { product: 'linux', category: 'process_creation' },
      fields: {
        Image: 'exe',
        CommandLine: ['cmdline', 'proctitle'],
        CurrentDirectory: 'cwd',
        ProcessId: 'pid',
        ParentProcessId: 'ppid',
        User: ['auid', 'uid'],
        LogonId: 'ses',
      },
    },
    {
      logSource: { product: 'linux', category: 'file_event' },
      fields: { TargetFilename: 'name', Image: 'exe', ProcessId: 'pid', User: ['auid', 'uid'] },
    },
    {
      logSource: { product: 'linux', category: 'network_connection' },
      fields: { Image: 'exe', ProcessId: 'pid', DestinationIp: 'laddr', DestinationPort: 'lport' },
    },
  ],
  /** The same names as on Windows. */
  'sysmon-linux': [
    {
      logSource: { product: 'linux', category: 'process_creation' },
      fields: Object.fromEntries(SYSMON_LINUX_PROCESS.map((field) => [field, field])),
    },
  ],
  /** Messages of macOS’ Endpoint Security, as `eslogger` writes them. */
  'endpoint-security': [
    {
      logSource: { product: 'macos', category: 'process_creation' },
      fields: {
        Image: 'event.exec.target.executable.path',
        CommandLine: 'event.exec.args',
        CurrentDirectory: 'event.exec.cwd.path',
        ProcessId: 'event.exec.target.audit_token.pid',
        ParentImage: 'process.executable.path',
        ParentProcessId: 'process.audit_token.pid',
        User: 'event.exec.target.audit_token.euid',
      },
    },
    {
      logSource: { product: 'macos', category: 'file_event' },
      fields: { Image: 'process.executable.path', TargetFilename: 'event.create.destination.existing_file.path' },
    },
  ],
  zeek: [
    {
      logSource: { category: 'network', service: 'connection' },
      fields: {
        'source.ip': 'id.orig_h',
        'source.port': 'id.orig_p',
        'destination.ip': 'id.resp_h',
        'destination.port': 'id.resp_p',
        'network.transport': 'proto',
        'network.protocol': 'service',
        'event.duration': 'duration',
        'source.bytes': 'orig_bytes',
        'destination.bytes': 'resp_bytes',
        'source.packets': 'orig_pkts',
        'destination.packets': 'resp_pkts',
        'network.state': 'conn_state',
        'network.history': 'history',
        'network.community_id': 'community_id',
      },
    },
    {
      logSource: { category: 'network', service: 'dns' },
      fields: {
        'source.ip': 'id.orig_h',
        'source.port': 'id.orig_p',
        'destination.ip': 'id.resp_h',
        'destination.port': 'id.resp_p',
        'dns.id': 'trans_id',
        'dns.question.name': 'query',
        'dns.question.type': 'qtype_name',
        'dns.question.class': 'qclass_name',
        'dns.answers.data': 'answers',
        'dns.answers.ttl': 'TTLs',
        'dns.response.code': 'rcode_name',
      },
    },
    {
      logSource: { category: 'dns' },
      fields: {
        query: 'query',
        record_type: 'qtype_name',
        answer: 'answers',
        src_ip: 'id.orig_h',
        dst_ip: 'id.resp_h',
      },
    },
    {
      logSource: { category: 'firewall' },
      fields: { src_ip: 'id.orig_h', src_port: 'id.orig_p', dst_ip: 'id.resp_h', dst_port: 'id.resp_p' },
    },
    {
      logSource: { category: 'proxy' },
      fields: {
        'c-uri': 'uri',
        'c-useragent': 'user_agent',
        'cs-host': 'host',
        'cs-method': 'method',
        'cs-referrer': 'referrer',
        'sc-status': 'status_code',
        'cs-bytes': 'request_body_len',
        'sc-bytes': 'response_body_len',
        src_ip: 'id.orig_h',
        dst_ip: 'id.resp_h',
      },
    },
  ],
}
