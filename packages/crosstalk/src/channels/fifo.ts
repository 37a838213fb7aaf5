// Named pipes of Unix (FIFOs), as system calls and command lines make and use them.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindCalls, type ChannelCall } from './unix-calls.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  { pattern: /\bmkfifo\s+(?:-m\s*\S+\s+|--mode[= ]\S+\s+)?([^\s|;&<>-][^\s|;&<>]*)/g, tool: 'mkfifo', does: 'create' },
  { pattern: /\bmknod\s+(?:-m\s*\S+\s+)?([^\s|;&<>-][^\s|;&<>]*)\s+p\b/g, tool: 'mknod', does: 'create' },
  { pattern: /\bos\.mkfifo\(\s*["']([^"']+)/g, tool: 'os.mkfifo', does: 'create' },
]

/** Files that are FIFOs: those of POSIX queues and shared memory, and memory of processes, are other kinds'. */
const ELSEWHERE = /^(?!\/dev\/(?:shm|mqueue)\/|\/proc\/\d+\/mem$)/
const CALLS: Readonly<Record<string, ChannelCall>> = {
  mknod: { act: 'create', name: 'TargetFilename' },
  mknodat: { act: 'create', name: 'TargetFilename' },
  open: { act: 'connect', name: 'TargetFilename', names: ELSEWHERE },
  openat: { act: 'connect', name: 'TargetFilename', names: ELSEWHERE },
  openat2: { act: 'connect', name: 'TargetFilename', names: ELSEWHERE },
}

export const fifo: FactExtractor = {
  name: 'fifo',
  bind: (shape) => bindCalls(shape, 'fifo', CALLS) ?? bindCommands(shape, 'fifo', /mkfifo|mknod/, COMMANDS),
}
