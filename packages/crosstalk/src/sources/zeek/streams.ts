// Zeek's logs: which there are, what tells them apart where the log does not name itself, and what Sigma calls them.
// Sources: Zeek documentation, "Zeek Log Files" and "Script Reference" (fields of every record type); Sigma specification, appendix taxonomy.
import type { LogSource } from '@crosstalk/sigma'

export interface ZeekStream {
  readonly name: string
  /** fields that only this log has together; a log that bears no name is told by them. The first stream that fits wins. */
  readonly keys?: readonly string[]
  /** Sigma's category besides the service */
  readonly category?: string
  /** Sigma's names of that category → Zeek's */
  readonly aliases?: Readonly<Record<string, string>>
  /** the end of the connection that the log is about: who was asked (default), or who asked */
  readonly host?: 'orig' | 'resp' | 'none'
}

// biome-ignore format: a table
export const STREAMS: readonly ZeekStream[] = [
  { name: 'conn', keys: ['uid', 'conn_state'], category: 'firewall', aliases: { src_ip: 'id.orig_h', src_port: 'id.orig_p', dst_ip: 'id.resp_h', dst_port: 'id.resp_p' } },
  { name: 'dce_rpc', keys: ['uid', 'endpoint', 'operation'] },
  { name: 'smb_mapping', keys: ['uid', 'share_type'] },
  { name: 'smb_files', keys: ['uid', 'action', 'name'] },
  { name: 'ntlm', keys: ['uid', 'server_nb_computer_name'] },
  { name: 'ntlm', keys: ['uid', 'hostname', 'domainname'] },
  { name: 'kerberos', keys: ['uid', 'request_type', 'service'] },
  { name: 'dns', keys: ['uid', 'trans_id', 'query'], category: 'dns', aliases: { record_type: 'qtype_name', answer: 'answers' }, host: 'orig' },
  { name: 'dns', keys: ['uid', 'trans_id', 'qclass'], category: 'dns', host: 'orig' },
  { name: 'http', keys: ['uid', 'trans_depth', 'method'], category: 'proxy', host: 'orig', aliases: { 'c-uri': 'uri', 'cs-host': 'host', 'c-useragent': 'user_agent', 'cs-method': 'method', 'sc-status': 'status_code', 'cs-referrer': 'referrer', 'cs-username': 'username' } },
  { name: 'http', keys: ['uid', 'trans_depth', 'status_code'], category: 'proxy', host: 'orig' },
  { name: 'ssl', keys: ['uid', 'established', 'resumed'], host: 'orig' },
  { name: 'files', keys: ['fuid', 'seen_bytes'], host: 'none' },
  { name: 'notice', keys: ['note', 'actions'] },
  { name: 'rdp', keys: ['uid', 'cookie', 'security_protocol'] },
  { name: 'ssh', keys: ['uid', 'auth_attempts'] },
  { name: 'smtp', keys: ['uid', 'helo', 'trans_depth'] },
  { name: 'ftp', keys: ['uid', 'command', 'arg'] },
  { name: 'dpd', keys: ['uid', 'analyzer', 'failure_reason'] },
  { name: 'x509', keys: ['certificate.serial'], host: 'none' },
  { name: 'x509', keys: ['certificate_serial'], host: 'none' },
  { name: 'pe', keys: ['id', 'machine', 'is_exe'], host: 'none' },
  { name: 'weird', keys: ['name', 'notice', 'peer'] },
  { name: 'dhcp', keys: ['uids', 'mac'], host: 'none' },
  { name: 'snmp', keys: ['uid', 'community', 'get_requests'] },
  { name: 'tunnel', keys: ['uid', 'tunnel_type', 'action'] },
  { name: 'ldap', keys: ['uid', 'message_id', 'opcode'] },
]

const byName = new Map(STREAMS.map((one) => [one.name, one]))
// Of two entries of one name the first has all that there is to say.
for (const one of [...STREAMS].reverse()) byName.set(one.name, one)

/** Names of logs are those of Zeek's modules and scripts: letters, digits, underscore. Rotated ones carry no more than that in `#path`. */
const NAME = /^[A-Za-z][\w-]{0,63}$/

/** The log of that name: known, or any other that a script writes; undefined when that is no name. */
export function streamNamed(name: string): ZeekStream | undefined {
  return byName.get(name) ?? (NAME.test(name) ? { name } : undefined)
}

/** The log that has such fields. */
export function streamWith(has: (name: string) => boolean): ZeekStream | undefined {
  const found = STREAMS.find((one) => one.keys?.every((key) => has(key)))
  return found && byName.get(found.name)
}

export const logSourcesOf = ({ name, category }: ZeekStream): readonly LogSource[] => [
  { product: 'zeek', service: name, ...(category && { category }) },
]

/** Zeek's name of the field that holds the host that a log is about; undefined: none does. */
export const hostField = ({ host = 'resp' }: ZeekStream): string | undefined =>
  host === 'none' ? undefined : `id.${host}_h`

/** Zeek's own name of a field that an exporter flattened: `id_orig_h` is `id.orig_h`, `certificate_serial` `certificate.serial`; undefined: it was not. */
export function zeekName(name: string): string | undefined {
  const flat = /^(id|certificate|basic_constraints|san)_(.+)$/.exec(name)
  return flat ? `${flat[1]}.${flat[2]}` : undefined
}
