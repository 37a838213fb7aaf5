// Events of assembled system calls, in the words of Sigma's taxonomy for Linux: what was started, connected, created, and used to talk to another process.
import type { FieldValue, LogSource } from '@crosstalk/sigma'
import type { EventPointer } from '../../events/event.ts'
import type { RecordEvent } from '../../events/record-event.ts'
import type { DecodedShapes, NamedValue } from '../decoded-records.ts'
import { type Image, ProcessImages } from './process-images.ts'
import type { AuditPath, SystemCall } from './system-call.ts'

/** Kind of file in `mode` (inode(7)). */
const isFifo = (mode: string) => (Number.parseInt(mode || '0', 8) & 0o170000) === 0o010000

type Category = 'process_creation' | 'network_connection' | 'file_event' | 'ipc'

/** `auid` and `ses` of no login (-1 as 32 bits). */
const isUnset = (id: string | undefined) => id === undefined || id === '4294967295' || id === '-1' || id === 'unset'

/** What one call is told as; undefined: its records say all that there is. */
export class CallEvents {
  readonly #images: ProcessImages
  readonly #shapes: DecodedShapes
  readonly #file: string

  constructor(shapes: DecodedShapes, file: string, imageWindow?: number) {
    this.#images = new ProcessImages(imageWindow)
    this.#shapes = shapes
    this.#file = file
  }

  /** A process that a collector tells of, in what lies at `offset`, though it was not seen starting. */
  know(node: string, pid: string, image: string, offset: number): void {
    if (this.#images.of(node, pid, offset) === undefined) this.#images.seen(node, pid, image, undefined, offset)
  }

  /**
   * Takes note of the process, and returns what was known of it before. Of the process every call tells, whatever else it is told as: so no other record decides what
   * is known.
   */
  remember(call: SystemCall): Image | undefined {
    const { exe, pid } = call.fields
    const starts = startsProgram(call)
    const known = starts ? undefined : this.#images.of(call.node, pid, call.offset)
    if (exe === undefined || exe === '(null)' || pid === undefined) return known
    if (starts) this.#images.started(call.node, pid, exe, commandLine(call), call.offset)
    else this.#images.seen(call.node, pid, exe, call.title || undefined, call.offset)
    return known
  }

  /** Moves the event to the call; false when it is told by its records alone. */
  place(event: RecordEvent, call: SystemCall): boolean {
    const known = this.remember(call)
    const category = categoryOf(call)
    if (category === undefined) return false
    const parent = this.#images.of(call.node, call.fields.ppid, call.offset)
    // A shared memory object is a file, too, for those who look for what was put there.
    const created = category === 'ipc' && isOpening(call.name) && createdPath(call) !== undefined
    const process = processFields(call, known, parent)
    const fields = [...process, ...objectFields(call, category)].filter(([, value]) => value !== undefined)
    const pointer: EventPointer = {
      file: this.#file,
      offset: call.offset,
      length: call.end - call.offset,
      recordId: call.serial,
    }
    this.#shapes.place(
      event,
      `${category} ${call.name}${created ? ' created' : ''}`,
      () => ({
        channel: 'auditd',
        eventId: call.name,
        provider: 'auditd',
        logSources: created ? [logSourceOf(category), logSourceOf('file_event')] : [logSourceOf(category)],
        constants: new Map([['Syscall', call.name]]),
        aliases: {},
      }),
      fields as NamedValue[],
      pointer,
      call.time,
      call.node,
    )
    return true
  }
}

const isOpening = (name: string): boolean => name.startsWith('open') || name === 'creat'

const logSourceOf = (category: Category): LogSource => ({ product: 'linux', category })

const failed = (call: SystemCall): boolean => call.fields.success === 'no'

const startsProgram = (call: SystemCall): boolean =>
  (call.name === 'execve' || call.name === 'execveat') && !failed(call)

function categoryOf(call: SystemCall): Category | undefined {
  switch (call.name) {
    case 'execve':
    case 'execveat':
      return startsProgram(call) ? 'process_creation' : undefined
    case 'connect':
      // -115 is EINPROGRESS: a socket that does not block goes on connecting.
      if (call.address?.address !== undefined)
        return failed(call) && call.fields.exit !== '-115' ? undefined : 'network_connection'
      return call.address?.path ? 'ipc' : undefined
    case 'accept':
    case 'accept4':
    case 'bind':
    case 'sendto':
    case 'sendmsg':
    case 'sendmmsg':
      return call.address?.path ? 'ipc' : undefined
    case 'open':
    case 'openat':
    case 'openat2':
    case 'creat':
      return openCategory(call)
    case 'mknod':
    case 'mknodat':
      return isFifo(createdPath(call)?.mode ?? '') || (nodeMode(call) & 0o170000) === 0o010000 ? 'ipc' : 'file_event'
    case 'listen':
      return undefined
    default:
      return 'ipc'
  }
}

/** The memory of another process as a file (proc_pid_mem(5)). */
const PROCESS_MEMORY = /^\/proc\/(\d{1,10})\/mem$/

function openCategory(call: SystemCall): Category | undefined {
  const path = createdPath(call) ?? call.paths.at(-1)
  if (path === undefined) return undefined
  const name = absolute(path.name, call.directory)
  if (isFifo(path.mode) || /^\/dev\/(?:shm|mqueue)\//.test(name) || PROCESS_MEMORY.test(name))
    return failed(call) ? undefined : 'ipc'
  return path.nametype === 'CREATE' && !failed(call) ? 'file_event' : undefined
}

const createdPath = ({ paths }: SystemCall): AuditPath | undefined =>
  paths.find(({ nametype }) => nametype === 'CREATE')

/** The mode that was asked for: second argument of mknod, third of mknodat, in hexadecimal. */
const nodeMode = ({ name, fields }: SystemCall): number =>
  Number.parseInt((name === 'mknod' ? fields.a1 : fields.a2) || '0', 16)

export function absolute(name: string, directory: string): string {
  if (name === '' || name.startsWith('/') || directory === '') return name
  return `${directory.replace(/\/$/, '')}/${name.replace(/^\.\//, '')}`
}

type Fields = (readonly [name: string, value: FieldValue | undefined])[]

/** The names of enrichment are in capitals; without it the number stands, but for root, which has no other name. */
function userName(fields: SystemCall['fields'], id: 'uid' | 'euid' | 'auid'): string | undefined {
  const name = fields[id.toUpperCase()]
  if (name !== undefined && name !== 'unset' && !name.startsWith('unknown(')) return name
  const number = fields[id]
  if (isUnset(number)) return undefined
  return number === '0' ? 'root' : number
}

function processFields(call: SystemCall, known: Image | undefined, parent: Image | undefined): Fields {
  const { fields } = call
  const line = startsProgram(call) ? commandLine(call) : call.title || undefined
  const image = fields.exe === '(null)' ? undefined : fields.exe
  return [
    ['Image', image],
    // Of a process that was seen starting the whole command line is known; PROCTITLE has 128 bytes of it.
    ['CommandLine', known?.image === image ? (known?.commandLine ?? line) : line],
    ['CurrentDirectory', call.directory || undefined],
    ['ProcessId', fields.pid],
    ['ParentProcessId', fields.ppid],
    ['ParentImage', parent?.image],
    ['ParentCommandLine', parent?.commandLine],
    ['User', userName(fields, 'uid')],
    ['UserId', fields.uid],
    ['EffectiveUser', userName(fields, 'euid')],
    ['LoginUser', userName(fields, 'auid')],
    ['LogonId', isUnset(fields.ses) ? undefined : fields.ses],
    ['Terminal', fields.tty === '(none)' ? undefined : fields.tty],
    ['Key', fields.key === '(null)' ? undefined : fields.key],
    ['Success', fields.success],
    ['Exit', fields.exit],
  ]
}

function commandLine(call: SystemCall): string | undefined {
  if (call.arguments.length === 0) return call.title || undefined
  return call.arguments.join(' ') + (call.argumentsCut ? ' …' : '')
}

function objectFields(call: SystemCall, category: Category): Fields {
  const { address, fields, details } = call
  if (category === 'process_creation')
    return [['OriginalPath', absolute(call.paths[0]?.name ?? '', call.directory) || undefined]]
  if (category === 'network_connection')
    return [
      ['Initiated', 'true'],
      ['DestinationIp', address?.address],
      ['DestinationPort', address?.port],
    ]
  const path = createdPath(call) ?? call.paths.at(-1)
  const objects: Fields = [
    ['TargetFilename', path && (targetName(call, path) || undefined)],
    ['TargetMode', path?.mode || undefined],
    ['TargetNametype', (category === 'ipc' && path?.nametype) || undefined],
    [
      'SocketPath',
      address?.path && (address.path.startsWith('@') ? address.path : absolute(address.path, call.directory)),
    ],
    ['TargetProcessId', call.objects[0]?.pid || targetPid(call) || PROCESS_MEMORY.exec(path?.name ?? '')?.[1]],
    ['TargetAccess', category === 'ipc' && isOpening(call.name) ? accessOf(call) : undefined],
    ['TargetCommand', call.objects[0]?.command || undefined],
  ]
  if (category === 'ipc')
    for (const name of ['a0', 'a1', 'a2', 'a3']) objects.push([`Argument${name[1]}`, fields[name]])
  // Fields of IPC, MQ_OPEN and kin keep their names.
  for (const [name, value] of Object.entries(details)) objects.push([name, value])
  return objects
}

/** A POSIX queue has a name of its own (`/jobs`, mq_overview(7)), which the C library hands on without the slash: it is shown as its file system, where that is mounted, shows it. */
const targetName = ({ name, directory }: SystemCall, path: AuditPath): string =>
  name === 'mq_open' || name === 'mq_unlink'
    ? path.name && `/dev/mqueue/${path.name.replace(/^\/(?:dev\/mqueue\/)?/, '')}`
    : absolute(path.name, directory)

/** What a file was opened for (open(2): O_ACCMODE), as far as the call's own arguments say it. */
function accessOf({ name, fields }: SystemCall): string | undefined {
  if (name === 'openat2') return undefined
  const flags = name === 'creat' ? 1 : Number.parseInt((name === 'open' ? fields.a1 : fields.a2) ?? '', 16)
  return ['read', 'write', 'read and write'][flags & 3]
}

/** The process that a call names by number, in hexadecimal: ptrace(request, pid), process_vm_readv(pid, …). */
function targetPid({ name, fields }: SystemCall): string | undefined {
  const argument = name === 'ptrace' ? fields.a1 : name.startsWith('process_vm_') ? fields.a0 : undefined
  const pid = argument === undefined ? Number.NaN : Number.parseInt(argument, 16)
  return pid > 0 && pid <= 0x7fff_ffff ? String(pid) : undefined
}
