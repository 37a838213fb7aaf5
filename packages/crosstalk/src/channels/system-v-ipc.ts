// Message queues, shared memory and semaphores, System V and POSIX, as system calls use and command lines name them.
import type { SourceShape } from '../events/event.ts'
import { parseUnixId } from '../facts/account-ref.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import type { ChannelKind } from '../facts/fact.ts'
import { detailFields, factBase, field } from '../facts/field.ts'
import { processRef } from '../facts/process-ref.ts'
import { bindCalls, type ChannelCall } from './unix-calls.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

/** util-linux's ipcmk and ipcrm, and the file systems where POSIX objects show (mq_overview(7), shm_overview(7), sem_overview(7)). */
const objects = (letters: string, path: string): readonly ChannelCommand[] => [
  {
    pattern: new RegExp(String.raw`\bipcmk\s+(?:\S+\s+){0,8}?-[${letters}]\b`, 'g'),
    tool: 'ipcmk',
    name: 'new',
    does: 'create',
  },
  {
    pattern: new RegExp(String.raw`\bipcrm\s+(?:\S+\s+){0,8}?-[${letters.toLowerCase()}${letters}]\s*(\w+)`, 'g'),
    tool: 'ipcrm',
    does: 'remove',
  },
  { pattern: new RegExp(String.raw`(${path}[^\s"'|;&<>]+)`, 'g'), tool: 'path', does: 'use' },
]

/** O_CREAT (asm-generic/fcntl.h), and IPC_CREAT in octal 01000 (ipc.h), as Linux has them on x86 and ARM. */
const O_CREAT = 0x40
const IPC_CREAT = 0x200

/** The object's file where it has one (POSIX), else its key or id, in hexadecimal (System V). */
const posix = (act: ChannelCall['act'], names: RegExp): Readonly<Record<string, ChannelCall>> =>
  Object.fromEntries(
    ['open', 'openat', 'openat2', 'creat'].map((call) => [
      call,
      { act, name: 'TargetFilename', names, creates: { argument: 'Argument2', bit: O_CREAT } },
    ]),
  )
const key = (argument: 'Argument1' | 'Argument2'): ChannelCall => ({
  act: 'connect',
  name: 'Argument0',
  prefix: 'key 0x',
  creates: { argument, bit: IPC_CREAT },
})
const id = (act: ChannelCall['act']): ChannelCall => ({ act, name: 'Argument0', prefix: 'id 0x' })
/** The descriptor that mq_open gave the process: the graph knows of which queue. */
const descriptor = (act: ChannelCall['act']): ChannelCall => ({ act, name: 'mqdes', prefix: 'descriptor ' })

const QUEUE_CALLS: Readonly<Record<string, ChannelCall>> = {
  ...posix('connect', /^\/dev\/mqueue\//),
  mq_open: { act: 'connect', name: 'TargetFilename', creates: { argument: 'Argument1', bit: O_CREAT } },
  mq_timedsend: descriptor('send'),
  mq_timedreceive: descriptor('listen'),
  mq_unlink: { act: 'configure', name: 'TargetFilename' },
  msgget: key('Argument1'),
  msgsnd: id('send'),
  msgrcv: id('listen'),
  msgctl: id('configure'),
}
const MEMORY_CALLS: Readonly<Record<string, ChannelCall>> = {
  ...posix('map', /^\/dev\/shm\/(?!sem\.)/),
  shmget: key('Argument2'),
  shmat: id('map'),
  shmctl: id('configure'),
}
const SEMAPHORE_CALLS: Readonly<Record<string, ChannelCall>> = {
  ...posix('connect', /^\/dev\/shm\/sem\./),
  semget: key('Argument2'),
  semop: id('send'),
  semtimedop: id('send'),
  semctl: id('configure'),
}

const extractor = (
  kind: ChannelKind,
  mayName: RegExp,
  commands: readonly ChannelCommand[],
  calls: Readonly<Record<string, ChannelCall>>,
): FactExtractor => ({
  name: kind,
  bind: (shape) =>
    bindCalls(shape, kind, calls) ??
    (kind === 'shared-memory' ? bindSegments(shape) : undefined) ??
    bindCommands(shape, kind, mayName, commands),
})

/** osquery's shared_memory: what is there, who made it when, and who attached last (osquery schema; shmctl(2), struct shmid_ds). */
function bindSegments(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'osquery', service: 'shared_memory' })) return undefined
  const segment = field(shape, ['shmid'], 16)
  const times = { create: field(shape, ['ctime'], 16), map: field(shape, ['atime'], 16) }
  const actors = {
    create: processRef(shape, { pid: ['creator_pid'] }),
    map: processRef(shape, { pid: ['pid'] }),
  }
  const creator = field(shape, ['creator_uid'], 16)
  const detail = detailFields(shape, ['owner_uid', 'creator_uid', 'permissions', 'size', 'attached', 'status'])
  return (event, emit) => {
    const id = segment(event)
    if (id === undefined || !/^\d{1,10}$/.test(id)) return
    for (const act of ['create', 'map'] as const) {
      const at = Number(times[act](event))
      if (!(at > 0)) continue
      const uid = act === 'create' ? parseUnixId(creator(event)) : undefined
      emit({
        kind: 'observation',
        ...factBase(event),
        time: at * 1_000_000,
        channel: { kind: 'shared-memory', host: event.host, name: `id 0x${Number(id).toString(16)}` },
        act,
        actor: actors[act](event),
        ...(uid !== undefined && { account: { name: uid === '0' ? 'root' : uid, uid } }),
        detail: detail(event),
      })
    }
  }
}

export const messageQueue = extractor(
  'message-queue',
  /ipcmk|ipcrm|\/dev\/mqueue\//,
  objects('Q', '/dev/mqueue/'),
  QUEUE_CALLS,
)
export const sharedMemory = extractor(
  'shared-memory',
  /ipcmk|ipcrm|\/dev\/shm\//,
  objects('M', '/dev/shm/(?!sem\\.)'),
  MEMORY_CALLS,
)
export const semaphore = extractor(
  'semaphore',
  /ipcmk|ipcrm|\/dev\/shm\/sem\./,
  objects('S', '/dev/shm/sem\\.'),
  SEMAPHORE_CALLS,
)
