// Tracee's events as JSON (aquasecurity/tracee, types/trace/trace.go; since its API v1beta1: api/v1beta1/event.proto and its marshaller): arguments stand in a list of names and values.
import type { FieldValue } from '@crosstalk/sigma'
import { jsonSource } from '../json-source.ts'
import type { FlavourClass, RecordFlavour } from '../record-flavour.ts'
import { OBJECT_CALLS, objectArguments } from './ipc-arguments.ts'

/** Calls that are told as channels: Tracee's event → the call whose act it is. */
const IPC: Readonly<Record<string, string>> = {
  security_socket_bind: 'bind',
  security_socket_connect: 'connect',
  security_socket_accept: 'accept',
  bind: 'bind',
  connect: 'connect',
  ptrace: 'ptrace',
  process_vm_readv: 'process_vm_readv',
  process_vm_writev: 'process_vm_writev',
  ...Object.fromEntries(OBJECT_CALLS.map((call) => [call, call])),
}
const STARTS = new Set(['sched_process_exec', 'execve', 'execveat'])

/** Arguments of one event; further ones are left out. */
const MAX_ARGUMENTS = 100

const isObject = (value: FieldValue | undefined): value is { readonly [name: string]: FieldValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function argumentsOf(
  list: FieldValue | undefined,
  { starts, call }: ReturnType<typeof kindOf>,
): [string, FieldValue][] {
  const fields: [string, FieldValue][] = []
  if (!Array.isArray(list)) return fields
  for (const one of (list as readonly FieldValue[]).slice(0, MAX_ARGUMENTS)) {
    if (!isObject(one) || typeof one.name !== 'string' || one.name === '') continue
    const { name, value = null } = one
    fields.push([`args.${name}`, value])
    if (starts && name === 'argv' && Array.isArray(value)) fields.push(['CommandLine', value.map(String).join(' ')])
    if (starts && (name === 'pathname' || name === 'cmdpath'))
      fields.push([name === 'pathname' ? 'Image' : 'OriginalPath', value])
    if (isObject(value)) fields.push(...addressOf(value))
    if (call !== undefined) fields.push(...objectArguments(call, name, value))
    if (name === 'pid' && !starts) fields.push(['TargetProcessId', value])
  }
  return fields
}

/** A struct sockaddr as Tracee writes it: sa_family, and sun_path, sin_addr and sin_port, or sin6_addr and sin6_port. */
function addressOf(value: { readonly [name: string]: FieldValue }): [string, FieldValue][] {
  const { sun_path: path, sin_addr: v4, sin6_addr: v6, sin_port: port4, sin6_port: port6 } = value
  if (typeof path === 'string' && path !== '') return [['SocketPath', path]]
  const address = v4 ?? v6
  const port = port4 ?? port6
  if (address === undefined) return []
  return [
    ['DestinationIp', address],
    ...(port === undefined ? [] : ([['DestinationPort', port]] as [string, FieldValue][])),
  ]
}

/** What an event of that name is. */
function kindOf(name: string): { starts: boolean; call: string | undefined; category: string | undefined } {
  const starts = STARTS.has(name)
  const call = Object.hasOwn(IPC, name) ? IPC[name] : undefined
  if (starts) return { starts, call, category: 'process_creation' }
  if (call) return { starts, call, category: 'ipc' }
  return { starts, call, category: name === 'sched_process_exit' ? 'process_termination' : undefined }
}

const userOf = (uid: FieldValue | undefined): string | undefined =>
  uid === 0 ? 'root' : uid === undefined || uid === null ? undefined : String(uid)

function traceeClass(name: string, rest: Pick<FlavourClass, 'fields' | 'extras' | 'unpack'>): FlavourClass {
  const { call, category } = kindOf(name)
  return {
    channel: 'tracee',
    eventId: name,
    provider: 'Tracee',
    logSources: [{ product: 'linux', service: 'tracee', ...(category && { category }) }],
    constants: call ? new Map([['Syscall', call]]) : undefined,
    ...rest,
  }
}

const event: RecordFlavour = {
  name: 'tracee',
  needs: [['eventName'], ['timestamp'], ['hostName', 'processName'], ['args', 'argsNum', 'returnValue']],
  decisive: ['eventName'],
  classify([name]) {
    if (name === '') return undefined
    const kind = kindOf(name)
    return traceeClass(name, {
      fields: {
        ...(kind.starts ? {} : { 'executable.path': 'Image' }),
        hostProcessId: 'ProcessId',
        hostParentProcessId: 'ParentProcessId',
        processEntityId: 'ProcessGuid',
        parentEntityId: 'ParentProcessGuid',
        containerId: 'ContainerId',
        returnValue: 'Exit',
      },
      extras: [{ name: 'User', from: ['userId'], make: ([uid]) => userOf(uid) }],
      unpack: (value) => argumentsOf(value('args'), kind),
    })
  },
  time: ['timestamp'],
  host: ['hostName'],
  recordId: [],
}

/** Since v1beta1 a process is below `workload`, its forefathers in a list, and no host is named. */
const workloadEvent: RecordFlavour = {
  name: 'tracee-workload',
  needs: [['workload.process.'], ['name'], ['timestamp'], ['data', 'policies.', 'id']],
  decisive: ['name'],
  classify([name]) {
    if (name === '') return undefined
    const kind = kindOf(name)
    return traceeClass(name, {
      fields: {
        ...(kind.starts ? {} : { 'workload.process.executable.path': 'Image' }),
        'workload.process.host_pid': 'ProcessId',
        'workload.process.unique_id': 'ProcessGuid',
        'workload.container.id': 'ContainerId',
      },
      extras: [{ name: 'User', from: ['workload.process.real_user.id'], make: ([uid]) => userOf(uid) }],
      unpack: (value) => [...argumentsOf(value('data'), kind), ...parentOf(value('workload.process.ancestors'))],
    })
  },
  time: ['timestamp'],
  host: [],
  recordId: [],
}

function parentOf(ancestors: FieldValue | undefined): [string, FieldValue][] {
  const parent = Array.isArray(ancestors) ? (ancestors as readonly FieldValue[])[0] : undefined
  if (!isObject(parent)) return []
  const fields: [string, FieldValue][] = []
  if (parent.host_pid !== undefined) fields.push(['ParentProcessId', parent.host_pid])
  if (parent.unique_id !== undefined) fields.push(['ParentProcessGuid', parent.unique_id])
  return fields
}

export const tracee = jsonSource('tracee', 'Tracee events', [event, workloadEvent])
