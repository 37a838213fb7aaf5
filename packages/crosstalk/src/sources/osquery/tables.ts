// osquery's tables that tell of processes and their channels: recognised by their columns, since a query's name says nothing of its table (osquery schema, 5.x).

export interface Table {
  readonly name: string
  /** columns that only this table has together; the first table that fits wins */
  readonly columns: readonly string[]
  readonly category?: string
  /** where rows of a table are of several kinds: the column that says which, and what of it is of which category */
  readonly kinds?: { readonly column: string; readonly categories: Readonly<Record<string, string>> }
  /** column → Sigma's name */
  readonly fields?: Readonly<Record<string, string>>
}

const PROCESS = {
  pid: 'ProcessId',
  path: 'Image',
  cmdline: 'CommandLine',
  cwd: 'CurrentDirectory',
  parent: 'ParentProcessId',
  uid: 'UserId',
}

const SOCKET = {
  pid: 'ProcessId',
  path: 'Image',
  socket: 'SocketPath',
  local_address: 'SourceIp',
  local_port: 'SourcePort',
  remote_address: 'DestinationIp',
  remote_port: 'DestinationPort',
}
/** A process is started by these calls; fork, clone and kin copy one. */
const STARTS = { column: 'syscall', categories: { execve: 'process_creation', execveat: 'process_creation' } }
const CONNECTIONS = {
  connect: 'network_connection',
  accept: 'network_connection',
  accept4: 'network_connection',
}

// biome-ignore format: a table
export const TABLES: readonly Table[] = [
  { name: 'es_process_events', columns: ['pid', 'path', 'event_type', 'signing_id'], category: 'process_creation', kinds: { column: 'event_type', categories: { exec: 'process_creation', exit: 'process_termination' } }, fields: { ...PROCESS, username: 'User', signing_id: 'SigningId', team_id: 'TeamId', cdhash: 'CdHash' } },
  { name: 'process_etw_events', columns: ['pid', 'path', 'ppid', 'token_elevation_type'], category: 'process_creation', kinds: { column: 'type', categories: { ProcessStart: 'process_creation', ProcessStop: 'process_termination' } }, fields: { ...PROCESS, ppid: 'ParentProcessId', username: 'User' } },
  { name: 'process_events', columns: ['pid', 'path', 'parent', 'auid'], category: 'process_creation', kinds: STARTS, fields: PROCESS },
  { name: 'process_events', columns: ['pid', 'path', 'cmdline', 'uptime'], category: 'process_creation', fields: PROCESS },
  { name: 'bpf_process_events', columns: ['pid', 'path', 'parent', 'probe_error', 'cmdline'], category: 'process_creation', kinds: STARTS, fields: PROCESS },
  { name: 'bpf_socket_events', columns: ['pid', 'path', 'remote_address', 'remote_port', 'probe_error'], category: 'network_connection', kinds: { column: 'syscall', categories: CONNECTIONS }, fields: SOCKET },
  { name: 'socket_events', columns: ['action', 'pid', 'remote_address', 'remote_port'], category: 'network_connection', kinds: { column: 'action', categories: CONNECTIONS }, fields: SOCKET },
  { name: 'process_open_pipes', columns: ['pid', 'fd', 'partner_pid'], fields: { pid: 'ProcessId', partner_pid: 'TargetProcessId' } },
  { name: 'pipes', columns: ['pid', 'name', 'instances', 'max_instances'], fields: { pid: 'ProcessId', name: 'PipeName' } },
  { name: 'process_open_sockets', columns: ['pid', 'socket', 'family', 'remote_address'], fields: { pid: 'ProcessId', path: 'SocketPath', local_address: 'SourceIp', local_port: 'SourcePort', remote_address: 'DestinationIp', remote_port: 'DestinationPort' } },
  { name: 'listening_ports', columns: ['pid', 'port', 'protocol', 'address'], fields: { pid: 'ProcessId', path: 'SocketPath' } },
  { name: 'shared_memory', columns: ['shmid', 'creator_uid', 'attached'], fields: { creator_pid: 'ProcessId' } },
  { name: 'users', columns: ['uid', 'username', 'directory'] },
  { name: 'last', columns: ['username', 'tty', 'type', 'time', 'host'] },
  { name: 'logged_in_users', columns: ['user', 'tty', 'type', 'time', 'host'] },
  { name: 'processes', columns: ['pid', 'parent', 'path', 'state'], fields: { ...PROCESS } },
  { name: 'processes', columns: ['pid', 'path', 'cmdline'], fields: { ...PROCESS } },
]

/** What happened, as a row tells it; undefined: a state, or something without a category. */
export function categoryOf(table: Table, columns: Readonly<Record<string, unknown>>): string | undefined {
  if (!table.kinds) return table.category
  const kind = columns[table.kinds.column]
  // A query may have left the column out.
  if (typeof kind !== 'string' || kind === '') return table.category
  const { categories } = table.kinds
  return Object.hasOwn(categories, kind) ? categories[kind] : undefined
}

/** The table that has these columns; undefined: another one. */
export const tableWith = (has: (column: string) => boolean): Table | undefined =>
  TABLES.find(({ columns }) => columns.every(has))
