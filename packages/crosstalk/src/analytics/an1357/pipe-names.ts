// Names of pipes: which Windows serves to the network, which benign software makes by the hundred, and who serves one here.
import type { Observation } from '../../facts/fact.ts'
import { isHostAddress } from '../../graph/address-claims.ts'
import { type Graph, type HostNode, imageName, type ProcessNode } from '../../graph/graph.ts'

/**
 * Pipes that Windows itself serves to the network, with the protocol behind them ([MS-*] documents name the well-known endpoints). A remote client
 * on one of these is routine; on another name it wants an explanation.
 */
const WELL_KNOWN = new Set([
  'lsass',
  'lsarpc',
  'samr',
  'netlogon',
  'srvsvc',
  'wkssvc',
  'svcctl',
  'ntsvcs',
  'scerpc',
  'atsvc',
  'epmapper',
  'eventlog',
  'winreg',
  'spoolss',
  'browser',
  'trkwks',
  'router',
  'initshutdown',
  'lsm_api_service',
  'tapsrv',
  'w32time_alt',
  'w32time',
  'protected_storage',
  'keysvc',
  'plugplay',
  'dav rpc service',
  'efsrpc',
  'netdfs',
  'fssagentrpc',
  'mscerpc',
  'cert',
  'dnsserver',
  'dhcpserver',
  'ssdpsrv',
  'termsrv_api_service',
  'sessenvpublicrpc',
  'msftewds',
  'winmsgwin32',
  'hydralspipe',
  'winsock2',
  'ntfrsapi',
  'frsrpc',
  'dfsrpc',
  'rpcss',
  'nsppipe',
  'llsrpc',
  'wins',
  'ipsec',
  'policyagent',
  'sql\\query',
  'mssql$',
  'windowssearch',
  'fax',
  'rcm',
  'tsproxy',
  'iisipm',
  'msmq',
  'qmmgmt',
  'openssh-ssh-agent',
  'wmimbroker',
  'smsserverping',
  'vmware-usbarbpipe',
]) // prettier-ignore

/** Names that benign software makes by the hundred, random parts included. */
const ROUTINE_PIPE =
  /^(mojo\.|chrome\.|crashpad_|edge\.|teams|msedge|winsock2\\|psh?ost\.|pshost|dotnet-diagnostic-|clr-debug-pipe|vscode-|gecko|firefox|uv\\|nodejs|docker|discord|slack|spotify|dropbox|onedrive|lrpc|ole|wer|tsvcpipe|terminal server|ctx_|citrix|vmware|vbox|adobe|acrobat|google|gupdate|nvidia|intel|lenovo|dell|hp\b|ms(sql|mq|ol)|sql\\|sqllocal|iis|aspnet|w3wp|inetinfo|wfp|pipe_eventroot|appcontracts|gfx|shellex|cpfatp|fontdrv|mypipe-[fh]|splunk|winlogbeat|qualys|tanium|cyvera|sophos|symantec|mcafee|trend|kaspersky|eset|bitdefender|sentinel|crowdstrike|carbon|mbam|defender|msmp|wazuh|osquery|nessus|veeam|backup|commvault)/i

export const basePipe = (name: string) => name.replace(/^\\+/, '').toLowerCase()
export const isWellKnown = (name: string) =>
  WELL_KNOWN.has(basePipe(name)) ||
  [...WELL_KNOWN].some((known) => known.length > 6 && basePipe(name).startsWith(`${known}\\`))
export const isRoutine = (name: string) => ROUTINE_PIPE.test(basePipe(name))

export const isRemoteConnect = (one: Observation) =>
  one.channel.kind === 'named-pipe' &&
  one.act === 'connect' &&
  (imageName(one.actor?.image) === 'system' ||
    (one.actor?.pid === 4 && !one.actor.image) ||
    isHostAddress(one.peer?.address))

export const basePipeShown = (name: string) => name.replace(/^\\+/, '')

export function pipeServer(graph: Graph, host: HostNode, pipe: string): ProcessNode | undefined {
  return graph.channels.get(`named-pipe:${host.name}:${pipe}`.toLowerCase())?.server
}
