// Log sources and their fields (Sigma specification, appendix taxonomy; fields of Sysmon from its schema 4.91). A log source that stands here without fields is known, and its fields are
// the source's own.
import type { LogSource } from '../log-source.ts'

/** What every Windows event has, by the names that Sigma gives to its header (specification, "Field Usage"). */
const WINDOWS_HEADER =
  'EventID Channel Provider_Name Provider_Guid EventSourceName Computer EventRecordID Level Task Opcode Keywords Version TimeCreated Execution_ProcessID Execution_ThreadID Security_UserID Correlation_ActivityID EventLog Source Message Data UserData'

const SYSMON_COMMON = 'RuleName UtcTime ProcessGuid ProcessId Image User'
const HASHES = 'Hashes Imphash imphash md5 sha1 sha256 MD5 SHA1 SHA256 IMPHASH'
const FILE_VERSION = 'FileVersion Description Product Company OriginalFileName'
const REGISTRY = `${SYSMON_COMMON} EventType TargetObject`
const FILE = `${SYSMON_COMMON} TargetFilename CreationUtcTime`
const DELETED = `${SYSMON_COMMON} TargetFilename IsExecutable Archived ${HASHES}`

/** Categories of Windows: the fields of Sysmon's event, or of the other event that is one. */
const WINDOWS: Readonly<Record<string, string>> = {
  process_creation: `${SYSMON_COMMON} ${FILE_VERSION} CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel ${HASHES} ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId NewProcessId NewProcessName TokenElevationType TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel`,
  file_change: `${FILE} PreviousCreationUtcTime`,
  network_connection: `${SYSMON_COMMON} Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`,
  sysmon_status: 'UtcTime State Version SchemaVersion Configuration ConfigurationFileHash',
  sysmon_error: 'UtcTime ID Description',
  process_termination: SYSMON_COMMON,
  driver_load: `RuleName UtcTime ImageLoaded ${HASHES} Signed Signature SignatureStatus`,
  image_load: `${SYSMON_COMMON} ImageLoaded ${FILE_VERSION} ${HASHES} Signed Signature SignatureStatus`,
  create_remote_thread:
    'RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser',
  raw_access_thread: `${SYSMON_COMMON} Device`,
  process_access:
    'RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser',
  file_event: FILE,
  registry_event: `${REGISTRY} Details NewName ObjectName ObjectValueName OldValueType OldValue NewValueType NewValue ProcessName SubjectUserName`,
  registry_add: `${REGISTRY} Details`,
  registry_delete: `${REGISTRY} Details`,
  registry_set: `${REGISTRY} Details`,
  registry_rename: `${REGISTRY} NewName`,
  create_stream_hash: `${FILE} Hash Contents`,
  pipe_created: `${SYSMON_COMMON} EventType PipeName`,
  wmi_event: 'RuleName EventType UtcTime Operation User EventNamespace Name Query Type Destination Consumer Filter',
  dns_query: `${SYSMON_COMMON} QueryName QueryStatus QueryResults`,
  file_delete: DELETED,
  file_delete_detected: DELETED,
  clipboard_capture: `${SYSMON_COMMON} Session ClientInfo Archived ${HASHES}`,
  process_tampering: `${SYSMON_COMMON} Type`,
  file_block_executable: DELETED,
  file_block_shredding: DELETED,
  file_executable_detected: DELETED,
  file_access: `${SYSMON_COMMON} FileName TargetFilename Irp FileObject IssuingThreadId CreateOptions CreateAttributes ShareAccess`,
  file_rename: `${SYSMON_COMMON} FileName SourceFilename TargetFilename`,
  ps_classic_start: 'HostName HostVersion HostApplication EngineVersion CommandLine',
  ps_classic_provider_start: 'HostName HostVersion HostApplication EngineVersion CommandLine',
  ps_classic_script: 'HostName HostVersion HostApplication EngineVersion CommandLine',
  ps_module: 'ContextInfo UserData Payload',
  ps_script: 'MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path',
}

/** Services of Windows; their fields are their events' own. */
const WINDOWS_SERVICES =
  'application application-experience applocker appmodel-runtime appxdeployment-server appxpackaging-om audit-cve bitlocker bits-client capi2 certificateservicesclient-lifecycle-system codeintegrity-operational dhcp diagnosis-scripted dns-client dns-server dns-server-analytic dns-server-audit driver-framework firewall-as hyper-v-worker iis-configuration kernel-event-tracing kernel-shimengine ldap lsa-server microsoft-servicebus-client msexchange-management ntfs ntlm openssh powershell powershell-classic printservice-admin printservice-operational security security-mitigations sense servicebus-client shell-core smbclient-connectivity smbclient-security smbserver-connectivity sysmon system taskscheduler terminalservices-localsessionmanager vhdmp windefend wmi'

const SYSMON_LINUX_PROCESS = `${SYSMON_COMMON} ${FILE_VERSION} CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel ${HASHES} ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser`

/** product|category|service → fields; '' when they are the source's own. */
const OTHERS: Readonly<Record<string, string>> = {
  '|process_creation|': WINDOWS.process_creation,
  'linux|process_creation|': SYSMON_LINUX_PROCESS,
  'linux|network_connection|': WINDOWS.network_connection,
  'linux|file_event|': FILE,
  'linux|file_delete|': DELETED,
  'linux|process_termination|': SYSMON_COMMON,
  'linux|raw_access_thread|': WINDOWS.raw_access_thread,
  'macos|process_creation|': SYSMON_LINUX_PROCESS,
  'macos|file_event|': FILE,
  '|antivirus|': 'Filename Signature Action Computer User EventID',
  '|proxy|':
    'c-uri c-uri-extension c-uri-query c-uri-stem c-useragent cs-bytes cs-cookie cs-host cs-method r-dns cs-referrer cs-referer cs-version sc-bytes sc-status src_ip dst_ip cs-uri cs-uri-stem cs-uri-query cs-user-agent cs-username c-ip s-ip s-port date time',
  '|firewall|': 'src_ip src_port dst_ip dst_port username action blocked protocol',
  '|webserver|':
    'date time c-ip cs-username s-sitename s-computername s-ip s-port cs-method cs-uri cs-uri-stem cs-uri-query sc-status sc-substatus c-win32-status sc-win32-status sc-bytes cs-bytes time-taken cs-version cs-host cs-user-agent cs-cookie cs-referer cs-content-type',
  '|dns|': 'query query_name record_type answer answers parent_domain QueryName QueryType QueryResults src_ip dst_ip',
  '|network|connection':
    'event.duration network.type network.transport network.protocol source.ip source.port destination.ip destination.port source.packets destination.packets source.bytes destination.bytes network.community_id network.state network.history',
  '|network|dns':
    'source.ip source.port destination.ip destination.port network.community_id dns.id dns.question.name dns.question.type dns.question.class dns.answers.name dns.answers.type dns.answers.class dns.answers.data dns.answers.ttl dns.header.flags dns.response.code',
  '|database|': '',
  '|application|': '',
}

/** Products without a list of services here: any service, any field. */
const PRODUCTS =
  'apache aws azure bitbucket cisco django fortigate fortios gcp github huawei juniper jvm kubernetes linux m365 macos modsecurity nodejs okta onelogin opencanary paloalto python qualys rpc_firewall ruby_on_rails spring sql velocity windows zeek'
const LINUX_SERVICES = 'auditd auth clamav cron guacamole sshd sudo sysmon syslog vsftpd'
/** Products other than Windows that have categories of events as Sysmon has them. */
const LISTED: readonly string[] = ['linux', 'macos']
const PLAIN_SERVICES = 'apache nginx netflow modsecurity'

export interface Taxonomy {
  /** Whether the taxonomy has the log source. */
  knows(logSource: LogSource): boolean
  /** The fields of its events; undefined when they are not listed. */
  fieldsOf(logSource: LogSource): ReadonlySet<string> | undefined
  /** What it knows a part of a log source by; of categories and services, those of the product. */
  names(part: 'product' | 'category' | 'service', logSource: LogSource): readonly string[]
}

const words = (text: string) => text.split(' ').filter(Boolean)

/** Sigma's own taxonomy. */
export function sigmaTaxonomy(): Taxonomy {
  const fields = new Map<string, ReadonlySet<string> | undefined>()
  for (const [category, names] of Object.entries(WINDOWS))
    fields.set(`windows|${category}|`, new Set([...words(names), ...words(WINDOWS_HEADER)]))
  for (const [key, names] of Object.entries(OTHERS)) fields.set(key, names === '' ? undefined : new Set(words(names)))
  const services: Readonly<Record<string, ReadonlySet<string>>> = {
    windows: new Set(words(WINDOWS_SERVICES)),
    linux: new Set(words(LINUX_SERVICES)),
    '': new Set(words(PLAIN_SERVICES)),
  }
  const products = new Set(words(PRODUCTS))
  const keyOf = ({ product = '', category = '' }: LogSource) => `${product}|${category}|`
  return {
    knows(logSource) {
      const { product = '', category = '', service = '' } = logSource
      if (fields.has(`${product}|${category}|${service}`)) return true
      if (product !== '' && !products.has(product)) return false
      const listed = services[product]
      if (service !== '' && listed && category === '') return listed.has(service)
      if (category === '') return true
      if (product === 'windows') return fields.has(keyOf(logSource))
      // A category of Windows alone, as pipe_created, is none of a product whose categories are listed here.
      if (LISTED.includes(product) && fields.has(`windows|${category}|`)) return fields.has(keyOf(logSource))
      // A product that has the categories of its own, or one that Sigma has for all products.
      return product !== '' || fields.has(`|${category}|`)
    },
    fieldsOf(logSource) {
      const { product = '', category = '', service = '' } = logSource
      const own = fields.get(`${product}|${category}|${service}`)
      if (own) return own
      // Sysmon is where the categories come from; any other service has fields of its own.
      if (category !== '' && (service === '' || service === 'sysmon')) return fields.get(keyOf(logSource))
      return undefined
    },
    names(part, { product = '' }) {
      if (part === 'product') return [...products]
      if (part === 'service') return [...(services[product] ?? [])]
      return [...fields.keys()].flatMap((key) => {
        const [of, category] = key.split('|')
        return of === product || of === '' ? [category] : []
      })
    },
  }
}
