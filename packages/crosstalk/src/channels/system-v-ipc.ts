// Message queues, shared memory and semaphores, System V and POSIX, as system calls use and command lines name them.
import type { FactExtractor } from '../facts/extractor.ts'
import type { ChannelKind } from '../facts/fact.ts'
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

/** The object's file where it has one (POSIX), else its key or id, in hexadecimal (System V). */
const posix = (act: ChannelCall['act'], names: RegExp): Readonly<Record<string, ChannelCall>> =>
  Object.fromEntries(
    ['open', 'openat', 'openat2', 'creat'].map((call) => [call, { act, name: 'TargetFilename', names }]),
  )
const key = (act: ChannelCall['act']): ChannelCall => ({ act, name: 'Argument0', prefix: 'key 0x' })
const id = (act: ChannelCall['act']): ChannelCall => ({ act, name: 'Argument0', prefix: 'id 0x' })

const QUEUE_CALLS: Readonly<Record<string, ChannelCall>> = {
  ...posix('connect', /^\/dev\/mqueue\//),
  mq_open: { act: 'create', name: 'TargetFilename' },
  mq_unlink: { act: 'configure', name: 'TargetFilename' },
  msgget: key('create'),
  msgsnd: id('send'),
  msgrcv: id('connect'),
  msgctl: id('configure'),
}
const MEMORY_CALLS: Readonly<Record<string, ChannelCall>> = {
  ...posix('map', /^\/dev\/shm\/(?!sem\.)/),
  shmget: key('create'),
  shmat: id('map'),
  shmctl: id('configure'),
}
const SEMAPHORE_CALLS: Readonly<Record<string, ChannelCall>> = {
  ...posix('connect', /^\/dev\/shm\/sem\./),
  semget: key('create'),
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
  bind: (shape) => bindCalls(shape, kind, calls) ?? bindCommands(shape, kind, mayName, commands),
})

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
