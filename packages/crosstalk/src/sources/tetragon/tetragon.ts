// Tetragon's events as JSON (Tetragon documentation, "Events"; api/v1/tetragon/tetragon.proto): one key names the type, below it stand the process and its parent.
import type { FieldValue } from '@crosstalk/sigma'
import type { ExtraField } from '../json-lines/form.ts'
import { jsonSource } from '../json-source.ts'
import type { RecordFlavour } from '../record-flavour.ts'

const TYPES = [
  'process_exec',
  'process_exit',
  'process_kprobe',
  'process_tracepoint',
  'process_uprobe',
  'process_lsm',
  'process_loader',
  // Of Isovalent's builds ("Security Observability with eBPF", chapter 3): told by type, not by hook.
  'process_connect',
  'process_accept',
  'process_listen',
  'process_close',
]
const CATEGORIES: Readonly<Record<string, string>> = {
  process_exec: 'process_creation',
  process_exit: 'process_termination',
  process_connect: 'network_connection',
}

/** Hooks that a tracing policy sets, whose arguments come as a list. */
const HOOKS = new Set(['process_kprobe', 'process_tracepoint', 'process_uprobe', 'process_lsm'])
/** Functions that begin a connection: of TCP itself, the system call, the security hook. */
const CONNECTS = /^(?:tcp_(?:v[46]_)?connect|(?:__(?:x64|arm64)_)?sys_connect|(?:security_)?socket_connect)$/
const MAX_ARGUMENTS = 64
const ENDS: Readonly<Record<string, string>> = {
  'process_connect.source_ip': 'SourceIp',
  'process_connect.source_port': 'SourcePort',
  'process_connect.destination_ip': 'DestinationIp',
  'process_connect.destination_port': 'DestinationPort',
  'process_connect.protocol': 'Protocol',
}

type Tree = { readonly [name: string]: FieldValue }
const isTree = (value: FieldValue | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Each argument is an object of one key, its kind (tetragon.proto, KprobeArgument): `args.0.file_arg`; paths and addresses by Sigma's names too. */
function argumentsOf(list: FieldValue | undefined): [string, FieldValue][] {
  const fields: [string, FieldValue][] = []
  if (!Array.isArray(list)) return fields
  for (const [at, one] of (list as readonly FieldValue[]).slice(0, MAX_ARGUMENTS).entries()) {
    if (!isTree(one)) continue
    for (const [kind, value] of Object.entries(one)) {
      fields.push([`args.${at}.${kind}`, value])
      if (isTree(value))
        fields.push(...namedOf(kind, value).filter(([name]) => !fields.some(([known]) => known === name)))
    }
  }
  return fields
}

function namedOf(kind: string, value: Tree): [string, FieldValue][] {
  const names: Readonly<Record<string, string>> =
    kind === 'sock_arg'
      ? {
          saddr: 'SourceIp',
          sport: 'SourcePort',
          daddr: 'DestinationIp',
          dport: 'DestinationPort',
          protocol: 'Protocol',
        }
      : kind === 'sockaddr_arg'
        ? { addr: 'DestinationIp', port: 'DestinationPort' }
        : kind === 'file_arg' || kind === 'path_arg'
          ? { path: 'TargetFilename' }
          : {}
  return Object.entries(names).flatMap(([own, name]): [string, FieldValue][] => {
    const one = value[own]
    if (one === undefined || one === '') return []
    return [[name, typeof one === 'string' ? one.replace(/^IPPROTO_/, '') : one]]
  })
}

/** Tetragon parts the program from its arguments. */
const commandLine = (name: string, at: string): ExtraField => ({
  name,
  from: [`${at}.binary`, `${at}.arguments`],
  make: ([binary, args]: readonly (FieldValue | undefined)[]) =>
    typeof binary === 'string' ? (typeof args === 'string' && args !== '' ? `${binary} ${args}` : binary) : undefined,
})

const event: RecordFlavour = {
  name: 'tetragon',
  needs: [TYPES.map((type) => `${type}.`), ['time']],
  decisive: TYPES.map((type) => `${type}.function_name`),
  variant: (layout, wrapper) => TYPES.find((type) => layout.has(`${wrapper}${type}.`)) ?? '',
  classify([type, ...functions]) {
    const process = `${type}.process`
    const parent = `${type}.parent`
    const called = functions.find((name) => name !== '') ?? ''
    const category = CATEGORIES[type] ?? (CONNECTS.test(called) ? 'network_connection' : undefined)
    return {
      channel: 'tetragon',
      eventId: type,
      provider: 'Tetragon',
      logSources: [{ product: 'linux', service: 'tetragon', ...(category && { category }) }],
      fields: {
        [`${process}.binary`]: 'Image',
        [`${process}.cwd`]: 'CurrentDirectory',
        [`${process}.pid`]: 'ProcessId',
        [`${process}.exec_id`]: 'ProcessGuid',
        [`${process}.uid`]: 'UserId',
        [`${parent}.binary`]: 'ParentImage',
        [`${parent}.pid`]: 'ParentProcessId',
        [`${process}.parent_exec_id`]: 'ParentProcessGuid',
        [`${process}.docker`]: 'ContainerId',
        [`${type}.function_name`]: 'FunctionName',
        [`${type}.policy_name`]: 'PolicyName',
        ...(type === 'process_connect' && ENDS),
      },
      constants: category === 'network_connection' ? new Map([['Initiated', 'true']]) : undefined,
      unpack: HOOKS.has(type) ? (value) => argumentsOf(value(`${type}.args`)) : undefined,
      extras: [
        commandLine('CommandLine', process),
        commandLine('ParentCommandLine', parent),
        {
          name: 'User',
          from: [`${process}.uid`],
          make: ([uid]) => (uid === 0 ? 'root' : uid === undefined || uid === null ? undefined : String(uid)),
        },
      ],
    }
  },
  time: ['time'],
  host: ['node_name'],
  recordId: [],
}

export const tetragon = jsonSource('tetragon', 'Tetragon events', [event])
