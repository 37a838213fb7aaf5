// RPC interfaces by the pipe that leads to them and by their UUID.
// Sources: the Microsoft Open Specifications named in `document`, sections "Transport" and "Standards Assignments" of each; interfaces without one
// are listed in "Windows network services internals" (Marchand, 2006).

export interface RpcInterface {
  /** the name it is known by, mostly its pipe's */
  name: string
  /** pipes, lower case */
  pipes: readonly string[]
  uuid: string
  document: string
  /** what it is for */
  purpose: string
}

// biome-ignore format: a table
export const RPC_INTERFACES: readonly RpcInterface[] = [
  { name: 'svcctl', pipes: ['svcctl'], uuid: '367abb81-9844-35f1-ad32-98f038001003', document: 'MS-SCMR', purpose: 'create, change and start services' },
  { name: 'atsvc', pipes: ['atsvc'], uuid: '1ff70682-0a51-30e8-076d-740be8cee98b', document: 'MS-TSCH', purpose: 'schedule commands' },
  { name: 'sasec', pipes: ['atsvc'], uuid: '378e52b0-c0a9-11cf-822d-00aa0051e40f', document: 'MS-TSCH', purpose: 'accounts of scheduled tasks' },
  { name: 'ITaskSchedulerService', pipes: ['atsvc'], uuid: '86d35949-83c9-4044-b424-db363231fd0c', document: 'MS-TSCH', purpose: 'register and run tasks' },
  { name: 'winreg', pipes: ['winreg'], uuid: '338cd001-2244-31f1-aaaa-900038001003', document: 'MS-RRP', purpose: 'read and write the registry' },
  { name: 'samr', pipes: ['samr'], uuid: '12345778-1234-abcd-ef00-0123456789ac', document: 'MS-SAMR', purpose: 'read and change accounts and groups' },
  { name: 'lsarpc', pipes: ['lsarpc'], uuid: '12345778-1234-abcd-ef00-0123456789ab', document: 'MS-LSAD, MS-LSAT', purpose: 'policy, secrets, names and SIDs' },
  { name: 'netlogon', pipes: ['netlogon'], uuid: '12345678-1234-abcd-ef00-01234567cffb', document: 'MS-NRPC', purpose: 'domain logons and secure channels' },
  { name: 'drsuapi', pipes: [], uuid: 'e3514235-4b06-11d1-ab04-00c04fc2dcd2', document: 'MS-DRSR', purpose: 'replicate the directory' },
  { name: 'dsaop', pipes: [], uuid: '7c44d7d4-31d5-424c-bd5e-2b3e1f323d22', document: 'MS-DRSR', purpose: 'directory service agent operations' },
  { name: 'srvsvc', pipes: ['srvsvc'], uuid: '4b324fc8-1670-01d3-1278-5a47bf6ee188', document: 'MS-SRVS', purpose: 'shares and sessions' },
  { name: 'wkssvc', pipes: ['wkssvc'], uuid: '6bffd098-a112-3610-9833-46c3f87e345a', document: 'MS-WKST', purpose: 'workstation and logged-on users' },
  { name: 'browser', pipes: ['browser'], uuid: '6bffd098-a112-3610-9833-012892020162', document: 'MS-BRWSA', purpose: 'browser service' },
  { name: 'spoolss', pipes: ['spoolss'], uuid: '12345678-1234-abcd-ef00-0123456789ab', document: 'MS-RPRN', purpose: 'printers and drivers' },
  { name: 'IRemoteWinspool', pipes: [], uuid: '76f03f96-cdfd-44fc-a22c-64950a001209', document: 'MS-PAR', purpose: 'printers and drivers' },
  { name: 'efsrpc', pipes: ['efsrpc'], uuid: 'df1941c5-fe89-4e79-bf10-463657acf44d', document: 'MS-EFSR', purpose: 'encrypted files' },
  { name: 'efsrpc', pipes: [], uuid: 'c681d488-d850-11d0-8c52-00c04fd90f7e', document: 'MS-EFSR', purpose: 'encrypted files, through lsarpc' },
  { name: 'netdfs', pipes: ['netdfs'], uuid: '4fc742e0-4a10-11cf-8273-00aa004ae673', document: 'MS-DFSNM', purpose: 'distributed file system' },
  { name: 'FssagentRpc', pipes: ['fssagentrpc'], uuid: 'a8e0653c-2744-4389-a61d-7373df8b2292', document: 'MS-FSRVP', purpose: 'shadow copies of shares' },
  { name: 'eventlog', pipes: ['eventlog'], uuid: '82273fdc-e32a-18c3-3f78-827929dc23ea', document: 'MS-EVEN', purpose: 'event logs' },
  { name: 'IEventService', pipes: [], uuid: 'f6beaff7-1e19-4fbb-9f8f-b89e2018337c', document: 'MS-EVEN6', purpose: 'event logs' },
  { name: 'epmapper', pipes: ['epmapper'], uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', document: 'MS-RPCE', purpose: 'which port an interface has' },
  { name: 'pnp', pipes: ['ntsvcs', 'plugplay'], uuid: '8d9f4e40-a03d-11ce-8f69-08003e30051b', document: 'Windows network services internals', purpose: 'plug and play' },
  { name: 'trkwks', pipes: ['trkwks'], uuid: '300f3532-38cc-11d0-a3f0-0020af6b0add', document: 'MS-DLTW', purpose: 'link tracking' },
  { name: 'InitShutdown', pipes: ['initshutdown'], uuid: '894de0c0-0d55-11d3-a322-00c04fa321a1', document: 'MS-RSP', purpose: 'shut down' },
  { name: 'W32Time', pipes: ['w32time', 'w32time_alt'], uuid: '8fb6d884-2388-11d0-8c35-00c04fda2795', document: 'MS-W32T', purpose: 'time service' },
  { name: 'dimsvc', pipes: ['router'], uuid: '8f09f000-b7ed-11ce-bbd2-00001a181cad', document: 'MS-RRASM', purpose: 'routing and remote access' },
  { name: 'tapsrv', pipes: ['tapsrv'], uuid: '2f5f6520-ca46-1067-b319-00dd010662da', document: 'MS-TRP', purpose: 'telephony' },
  { name: 'SceSvc', pipes: ['scerpc'], uuid: '93149ca2-973b-11d1-8c39-00c04fb984f9', document: 'Windows network services internals', purpose: 'security configuration' },
  { name: 'TermSrvSession', pipes: ['lsm_api_service'], uuid: '484809d6-4239-471b-b5bc-61df8c23ac48', document: 'MS-TSTS', purpose: 'terminal sessions' },
  { name: 'legacyapi', pipes: ['ctx_winstation_api_service'], uuid: '5ca4a760-ebb1-11cf-8611-00a0245420ed', document: 'MS-TSTS', purpose: 'terminal sessions' },
  { name: 'DnsServer', pipes: ['dnsserver'], uuid: '50abc2a4-574d-40b3-9d66-ee4fd5fba076', document: 'MS-DNSP', purpose: 'manage DNS' },
  { name: 'dhcpsrv', pipes: ['dhcpserver'], uuid: '6bffd098-a112-3610-9833-46c3f874532d', document: 'MS-DHCPM', purpose: 'manage DHCP' },
  { name: 'ICertPassage', pipes: ['cert'], uuid: '91ae6020-9e3c-11cf-8d7c-00aa00c091be', document: 'MS-ICPR', purpose: 'request certificates' },
  { name: 'IRemoteSCMActivator', pipes: [], uuid: '000001a0-0000-0000-c000-000000000046', document: 'MS-DCOM', purpose: 'activate COM classes' },
  { name: 'IActivation', pipes: [], uuid: '4d9f4ab8-7d1c-11cf-861e-0020af6e7c57', document: 'MS-DCOM', purpose: 'activate COM classes' },
  { name: 'IObjectExporter', pipes: [], uuid: '99fcfec4-5260-101b-bbcb-00aa0021347a', document: 'MS-DCOM', purpose: 'resolve COM objects' },
  { name: 'IDispatch', pipes: [], uuid: '00020400-0000-0000-c000-000000000046', document: 'MS-OAUT', purpose: 'call methods of automation objects' },
  { name: 'IWbemLevel1Login', pipes: [], uuid: 'f309ad18-d86a-11d0-a075-00c04fb68820', document: 'MS-WMI', purpose: 'connect to WMI' },
  { name: 'IWbemServices', pipes: [], uuid: '9556dc99-828c-11cf-a37e-00aa003240c7', document: 'MS-WMI', purpose: 'query and call WMI' },
  { name: 'IWbemLoginClientID', pipes: [], uuid: 'd4781cd6-e5d3-44df-ad94-930efe48a887', document: 'MS-WMI', purpose: 'connect to WMI' },
  { name: 'IWbemLoginClientIDEx', pipes: [], uuid: '9f6c78ef-fce5-42fa-abea-3e7df91921dc', document: 'MS-WMI', purpose: 'connect to WMI' },
  { name: 'IEnumWbemClassObject', pipes: [], uuid: '027947e1-d731-11ce-a357-000000000001', document: 'MS-WMI', purpose: 'read results of WMI' },
  { name: 'IWbemFetchSmartEnum', pipes: [], uuid: '1c1c45ee-4395-11d2-b60b-00104b703efd', document: 'MS-WMI', purpose: 'read results of WMI' },
  { name: 'IWbemWCOSmartEnum', pipes: [], uuid: '423ec01e-2e35-11d2-b604-00104b703efd', document: 'MS-WMI', purpose: 'read results of WMI' },
  { name: 'IWbemCallResult', pipes: [], uuid: '44aca675-e8fc-11d0-a07c-00c04fb68820', document: 'MS-WMI', purpose: 'results of calls of WMI' },
  { name: 'IRemUnknown', pipes: [], uuid: '00000131-0000-0000-c000-000000000046', document: 'MS-DCOM', purpose: 'references to COM objects' },
  { name: 'IRemUnknown2', pipes: [], uuid: '00000143-0000-0000-c000-000000000046', document: 'MS-DCOM', purpose: 'references to COM objects' },
  { name: 'IClassFactory', pipes: [], uuid: '00000001-0000-0000-c000-000000000046', document: 'MS-DCOM', purpose: 'create COM objects' },
  { name: 'ITypeInfo', pipes: [], uuid: '00020401-0000-0000-c000-000000000046', document: 'MS-OAUT', purpose: 'describe automation objects' },
  { name: 'ISeclogon', pipes: [], uuid: '12b81e99-f207-4a4c-85d3-77b42f76fd14', document: 'Windows network services internals', purpose: 'start programs under another account' },
  { name: 'mgmt', pipes: [], uuid: 'afa8bd80-7d8a-11c9-bef4-08002b102989', document: 'C706', purpose: 'which interfaces a server has' },
  { name: 'dssetup', pipes: [], uuid: '3919286a-b10c-11d0-9ba8-00c04fd92ef5', document: 'MS-DSSP', purpose: 'role of a machine in its domain' },
  { name: 'BackupKey', pipes: [], uuid: '3dde7c30-165d-11d1-ab8f-00805f14db40', document: 'MS-BKRP', purpose: "the domain's keys for users' secrets" },
  { name: 'WindowsShutdown', pipes: [], uuid: 'd95afe70-a6d5-4259-822e-2c84da1ddb0d', document: 'MS-RSP', purpose: 'shut down' },
]

/**
 * Names that the pipe file system maps to one pipe (registry key Services\Npfs\Aliases, as Windows installs it): Sysmon shows the pipe, 5145 the name asked for.
 */
export const PIPE_ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['lsass', ['samr', 'lsarpc', 'netlogon']],
  ['ntsvcs', ['svcctl', 'eventlog']],
])

const byPipe = new Map<string, RpcInterface>()
const byUuid = new Map<string, RpcInterface>()
for (const one of RPC_INTERFACES) {
  for (const pipe of one.pipes) if (!byPipe.has(pipe)) byPipe.set(pipe, one)
  byUuid.set(one.uuid, one)
}

export const interfaceOfPipe = (pipe: string) => byPipe.get(pipe.toLowerCase())
/** A UUID with or without braces, any case. */
export const interfaceOfUuid = (uuid: string) => byUuid.get(uuid.replace(/[{}\s]/g, '').toLowerCase())

const byName = new Map<string, RpcInterface>()
for (const one of RPC_INTERFACES) if (!byName.has(one.name.toLowerCase())) byName.set(one.name.toLowerCase(), one)
/** By the name that it is known by here, any case. */
export const interfaceNamed = (name: string) => byName.get(name.toLowerCase())
