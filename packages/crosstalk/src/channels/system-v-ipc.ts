// Message queues, shared memory and semaphores, System V and POSIX, as command lines name them.
import type { FactExtractor } from '../facts/extractor.ts'
import type { ChannelKind } from '../facts/fact.ts'
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

const extractor = (kind: ChannelKind, mayName: RegExp, commands: readonly ChannelCommand[]): FactExtractor => ({
  name: kind,
  bind: (shape) => bindCommands(shape, kind, mayName, commands),
})

export const messageQueue = extractor('message-queue', /ipcmk|ipcrm|\/dev\/mqueue\//, objects('Q', '/dev/mqueue/'))
export const sharedMemory = extractor('shared-memory', /ipcmk|ipcrm|\/dev\/shm\//, objects('M', '/dev/shm/(?!sem\\.)'))
export const semaphore = extractor('semaphore', /ipcmk|ipcrm|\/dev\/shm\/sem\./, objects('S', '/dev/shm/sem\\.'))
