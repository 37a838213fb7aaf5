// Names of event data that comes without them. Some collectors (Fluent Bit's StringInserts) keep only the values of EventData, in the order of
// the event's template; some providers (classic ones, RPC Firewall) never name them. The templates are the providers' manifests
// (`wevtutil get-publisher NAME /getevents`); a template's versions are told apart by their number of values.

/** The names of an event's values in order; undefined when the event, or a version of it with that many values, is not known. */
export function positionalNames(provider: string, eventId: number, count: number): readonly string[] | undefined {
  for (const template of TEMPLATES.get(provider)?.get(eventId) ?? []) {
    const names = template.split(' ')
    if (names.length === count) return names
  }
  return undefined
}

const SUBJECT = 'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId'
const TARGET = 'TargetUserSid TargetUserName TargetDomainName TargetLogonId'
const OBJECT = `${SUBJECT} ObjectServer ObjectType ObjectName HandleId`
const LOGON = `${SUBJECT} ${TARGET} LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort`
const CREATED = `${SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId`
const MEMBER = `MemberName MemberSid TargetUserName TargetDomainName TargetSid ${SUBJECT} PrivilegeList`
const CHANGED_ACCOUNT = `TargetUserName TargetDomainName TargetSid ${SUBJECT}`
const ACCOUNT =
  'SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours'
const COMPUTER = `${ACCOUNT} DnsHostName ServicePrincipalNames`
const SESSION = 'AccountName AccountDomain LogonID SessionName ClientName ClientAddress'
const SHARE = `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath`
const FLOW =
  'Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName LayerRTID'

const SECURITY: Readonly<Record<number, readonly string[]>> = {
  4616: [`${SUBJECT} PreviousTime NewTime ProcessId ProcessName`],
  4624: [
    LOGON,
    `${LOGON} ImpersonationLevel`,
    `${LOGON} ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken`,
  ],
  4625: [
    `${SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort`,
  ],
  4627: [`${SUBJECT} ${TARGET} LogonType EventIdx EventCountTotal GroupMembership`],
  4634: [`${TARGET} LogonType`],
  4647: [TARGET],
  4648: [
    `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ProcessId ProcessName IpAddress IpPort`,
  ],
  4656: [
    `${OBJECT} TransactionId AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName ResourceAttributes`,
  ],
  4657: [
    `${SUBJECT} ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType NewValue ProcessId ProcessName`,
  ],
  4658: [`${SUBJECT} ObjectServer HandleId ProcessId ProcessName`],
  4660: [`${SUBJECT} ObjectServer HandleId ProcessId ProcessName TransactionId`],
  4661: [
    `${OBJECT} TransactionId AccessList AccessMask PrivilegeList Properties RestrictedSidCount ProcessId ProcessName`,
    `${OBJECT} TransactionId AccessList AccessReason AccessMask PrivilegeList Properties RestrictedSidCount ProcessId ProcessName`,
  ],
  4662: [
    `${SUBJECT} ObjectServer ObjectType ObjectName OperationType HandleId AccessList AccessMask Properties AdditionalInfo AdditionalInfo2`,
  ],
  4663: [`${OBJECT} AccessList AccessMask ProcessId ProcessName ResourceAttributes`],
  4664: [`${SUBJECT} FileName LinkName TransactionId`],
  4670: [`${OBJECT} OldSd NewSd ProcessId ProcessName`],
  4672: [`${SUBJECT} PrivilegeList`],
  4673: [`${SUBJECT} ObjectServer Service PrivilegeList ProcessId ProcessName`],
  4674: [`${OBJECT} AccessMask PrivilegeList ProcessId ProcessName`],
  4688: [
    `${CREATED}`,
    `${CREATED} CommandLine`,
    `${CREATED} CommandLine ${TARGET}`,
    `${CREATED} CommandLine ${TARGET} ParentProcessName MandatoryLabel`,
  ],
  4689: [`${SUBJECT} Status ProcessId ProcessName`],
  4690: [`${SUBJECT} SourceHandleId SourceProcessId TargetHandleId TargetProcessId`],
  4697: [
    `${SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount`,
    `${SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount ClientProcessStartKey ClientProcessId ParentProcessId`,
  ],
  4698: [
    `${SUBJECT} TaskName TaskContent`,
    `${SUBJECT} TaskName TaskContent ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN`,
  ],
  4699: [
    `${SUBJECT} TaskName TaskContent`,
    `${SUBJECT} TaskName TaskContent ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN`,
  ],
  4702: [
    `${SUBJECT} TaskName TaskContentNew`,
    `${SUBJECT} TaskName TaskContentNew ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN`,
  ],
  4703: [`${SUBJECT} ${TARGET} ProcessName ProcessId EnabledPrivilegeList DisabledPrivilegeList`],
  4704: [`${SUBJECT} TargetSid PrivilegeList`],
  4705: [`${SUBJECT} TargetSid PrivilegeList`],
  4706: [`DomainName DomainSid ${SUBJECT} TdoType TdoDirection TdoAttributes SidFilteringEnabled`],
  4717: [`${SUBJECT} TargetSid AccessGranted`],
  4718: [`${SUBJECT} TargetSid AccessRemoved`],
  4719: [`${SUBJECT} CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges`],
  4720: [`${CHANGED_ACCOUNT} PrivilegeList ${ACCOUNT}`],
  4722: [CHANGED_ACCOUNT],
  4723: [`${CHANGED_ACCOUNT} PrivilegeList`],
  4724: [CHANGED_ACCOUNT],
  4726: [`${CHANGED_ACCOUNT} PrivilegeList`],
  4728: [MEMBER],
  4729: [MEMBER],
  4732: [MEMBER],
  4733: [MEMBER],
  4738: [`Dummy ${CHANGED_ACCOUNT} PrivilegeList ${ACCOUNT}`],
  4739: [
    `DomainPolicyChanged DomainName DomainSid ${SUBJECT} PrivilegeList MinPasswordAge MaxPasswordAge ForceLogoff LockoutThreshold LockoutObservationWindow LockoutDuration PasswordProperties MinPasswordLength PasswordHistoryLength MachineAccountQuota MixedDomainMode DomainBehaviorVersion OemInformation`,
  ],
  4741: [`${CHANGED_ACCOUNT} PrivilegeList ${COMPUTER}`],
  4742: [`ComputerAccountChange ${CHANGED_ACCOUNT} PrivilegeList ${COMPUTER}`],
  4743: [`${CHANGED_ACCOUNT} PrivilegeList`],
  4756: [MEMBER],
  4765: [`SourceUserName SourceSid ${CHANGED_ACCOUNT} PrivilegeList SidList`],
  4768: [
    'TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint',
  ],
  4769: [
    'TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices',
  ],
  4771: [
    'TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint',
  ],
  4776: ['PackageName TargetUserName Workstation Status'],
  4778: [SESSION],
  4779: [SESSION],
  4781: [`OldTargetUserName NewTargetUserName TargetDomainName TargetSid ${SUBJECT} PrivilegeList`],
  4794: [`${SUBJECT} Workstation Status`],
  4798: [`${CHANGED_ACCOUNT} CallerProcessId CallerProcessName`],
  4799: [`${CHANGED_ACCOUNT} CallerProcessId CallerProcessName`],
  4800: [`${TARGET} SessionId`],
  4801: [`${TARGET} SessionId`],
  4825: ['AccountName AccountDomain LogonID ClientAddress'],
  4964: [`${SUBJECT} LogonGuid ${TARGET} TargetLogonGuid SidList`],
  4985: [`${SUBJECT} TransactionId NewState ResourceManager ProcessId ProcessName`],
  5136: [
    `OpCorrelationID AppCorrelationID ${SUBJECT} DSName DSType ObjectDN ObjectGUID ObjectClass AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType`,
  ],
  5137: [`OpCorrelationID AppCorrelationID ${SUBJECT} DSName DSType ObjectDN ObjectGUID ObjectClass`],
  5140: [`${SHARE} AccessMask AccessList`],
  5142: [`${SUBJECT} ShareName ShareLocalPath`],
  5143: [
    `${SUBJECT} ObjectType ShareName ShareLocalPath OldRemark NewRemark OldMaxUsers NewMaxUsers OldShareFlags NewShareFlags OldSD NewSD`,
  ],
  5145: [`${SHARE} RelativeTargetName AccessMask AccessList AccessReason`],
  5152: [`ProcessId ${FLOW}`],
  5156: [`ProcessID ${FLOW} RemoteUserID RemoteMachineID`],
  5157: [`ProcessID ${FLOW} RemoteUserID RemoteMachineID`],
  5158: ['ProcessId Application SourceAddress SourcePort Protocol FilterRTID LayerName LayerRTID'],
  5379: [
    `${SUBJECT} TargetName Type CountOfCredentialsReturned ReadOperation ReturnCode ProcessCreationTime ClientProcessId`,
  ],
  5381: [`${SUBJECT} Flags CountOfCredentialsReturned ProcessCreationTime ClientProcessId`],
  5447: [
    'ProcessId UserSid UserName ProviderKey ProviderName ChangeType FilterKey FilterName FilterType FilterId LayerKey LayerName LayerId Weight Conditions Action CalloutKey CalloutName',
  ],
  6416: [`${SUBJECT} DeviceId DeviceDescription ClassId ClassName VendorIds CompatibleIds LocationInformation`],
}

const PROCESS = 'UtcTime ProcessGuid ProcessId Image'
const FILE_VERSION = 'FileVersion Description Product Company'
const STARTED = `CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine`
const NETWORK = `User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`
const LOADED = 'Hashes Signed Signature SignatureStatus'
const REMOTE_THREAD =
  'UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction'
const ACCESSED =
  'UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace'
const FILE = `${PROCESS} TargetFilename CreationUtcTime`
const REGISTRY = `EventType ${PROCESS} TargetObject`
const PIPE = 'UtcTime ProcessGuid ProcessId PipeName Image'

/** Sysmon grew RuleName in front (schema 4.0), OriginalFileName (4.1), and User at the end (4.81). */
const SYSMON: Readonly<Record<number, readonly string[]>> = {
  1: [
    `${PROCESS} ${STARTED}`,
    `RuleName ${PROCESS} ${FILE_VERSION} ${STARTED}`,
    `RuleName ${PROCESS} ${FILE_VERSION} OriginalFileName ${STARTED}`,
    `RuleName ${PROCESS} ${FILE_VERSION} OriginalFileName ${STARTED} ParentUser`,
  ],
  2: [`RuleName ${FILE} PreviousCreationUtcTime`, `RuleName ${FILE} PreviousCreationUtcTime User`],
  3: [`${PROCESS} ${NETWORK}`, `RuleName ${PROCESS} ${NETWORK}`],
  4: ['UtcTime State SchemaVersion', 'UtcTime State Version SchemaVersion'],
  5: [PROCESS, `RuleName ${PROCESS}`, `RuleName ${PROCESS} User`],
  6: [`UtcTime ImageLoaded ${LOADED}`, `RuleName UtcTime ImageLoaded ${LOADED}`],
  7: [
    `RuleName ${PROCESS} ImageLoaded ${FILE_VERSION} ${LOADED}`,
    `RuleName ${PROCESS} ImageLoaded ${FILE_VERSION} OriginalFileName ${LOADED}`,
    `RuleName ${PROCESS} ImageLoaded ${FILE_VERSION} OriginalFileName ${LOADED} User`,
  ],
  8: [REMOTE_THREAD, `RuleName ${REMOTE_THREAD}`, `RuleName ${REMOTE_THREAD} SourceUser TargetUser`],
  9: [`RuleName ${PROCESS} Device`, `RuleName ${PROCESS} Device User`],
  10: [ACCESSED, `RuleName ${ACCESSED}`, `RuleName ${ACCESSED} SourceUser TargetUser`],
  11: [FILE, `RuleName ${FILE}`, `RuleName ${FILE} User`],
  12: [REGISTRY, `RuleName ${REGISTRY}`, `RuleName ${REGISTRY} User`],
  13: [`${REGISTRY} Details`, `RuleName ${REGISTRY} Details`, `RuleName ${REGISTRY} Details User`],
  14: [`RuleName ${REGISTRY} NewName`, `RuleName ${REGISTRY} NewName User`],
  15: [
    `${FILE} Hash`,
    `RuleName ${FILE} Hash`,
    `RuleName ${FILE} Hash Contents`,
    `RuleName ${FILE} Hash Contents User`,
  ],
  16: ['UtcTime Configuration ConfigurationFileHash'],
  17: [`RuleName ${PIPE}`, `RuleName EventType ${PIPE}`, `RuleName EventType ${PIPE} User`],
  18: [`RuleName ${PIPE}`, `RuleName EventType ${PIPE}`, `RuleName EventType ${PIPE} User`],
  19: ['RuleName EventType UtcTime Operation User EventNamespace Name Query'],
  20: ['RuleName EventType UtcTime Operation User Name Type Destination'],
  21: ['RuleName EventType UtcTime Operation User Consumer Filter'],
  22: [
    'RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image',
    'RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User',
  ],
  23: ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived'],
  24: ['RuleName UtcTime ProcessGuid ProcessId Image Session ClientInfo Hashes Archived User'],
  25: ['RuleName UtcTime ProcessGuid ProcessId Image Type', 'RuleName UtcTime ProcessGuid ProcessId Image Type User'],
  26: ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable'],
  27: ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes'],
  28: ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable'],
  29: ['RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes'],
}

const POWERSHELL: Readonly<Record<number, readonly string[]>> = {
  4100: ['ContextInfo UserData Payload'],
  4103: ['ContextInfo UserData Payload'],
  4104: [
    'MessageNumber MessageTotal ScriptBlockText ScriptBlockId',
    'MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path',
  ],
}

const SERVICES: Readonly<Record<number, readonly string[]>> = {
  7036: ['param1 param2'],
  7040: ['param1 param2 param3 param4'],
  7045: ['ServiceName ImagePath ServiceType StartType AccountName'],
}

/** zeronetworks/rpcfirewall, rpcMessages/Messages.mc: %1 … of each message. Names with spaces there are closed up, as Sigma writes InterfaceUuid and OpNum. */
const RPC_FIREWALL: Readonly<Record<number, readonly string[]>> = {
  1: ['ImagePath ProcessId'],
  2: ['ImagePath ProcessId'],
  3: [
    'RpcrtFunc ProcessId ImagePath Protocol Endpoint SourceNetworkAddress InterfaceUuid OpNum SecurityId AuthenticationLevel AuthenticationService',
    'RpcrtFunc ProcessId ImagePath Protocol Endpoint SourceNetworkAddress InterfaceUuid OpNum SecurityId AuthenticationLevel AuthenticationService RemotePort',
    'RpcrtFunc ProcessId ImagePath Protocol Endpoint SourceNetworkAddress InterfaceUuid OpNum SecurityId AuthenticationLevel AuthenticationService RemotePort ServerNetworkAddress ServerPort SID',
  ],
}

const TEMPLATES: ReadonlyMap<string, ReadonlyMap<number, readonly string[]>> = new Map(
  Object.entries({
    'Microsoft-Windows-Security-Auditing': SECURITY,
    'Microsoft-Windows-Sysmon': SYSMON,
    'Microsoft-Windows-PowerShell': POWERSHELL,
    PowerShellCore: POWERSHELL,
    'Service Control Manager': SERVICES,
    RPCFW: RPC_FIREWALL,
  }).map(([provider, events]) => [
    provider,
    new Map(Object.entries(events).map(([eventId, templates]) => [Number(eventId), templates])),
  ]),
)
