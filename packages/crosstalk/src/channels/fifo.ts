// Named pipes of Unix (FIFOs), as command lines make them.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  { pattern: /\bmkfifo\s+(?:-m\s*\S+\s+|--mode[= ]\S+\s+)?([^\s|;&<>-][^\s|;&<>]*)/g, tool: 'mkfifo', does: 'create' },
  { pattern: /\bmknod\s+(?:-m\s*\S+\s+)?([^\s|;&<>-][^\s|;&<>]*)\s+p\b/g, tool: 'mknod', does: 'create' },
  { pattern: /\bos\.mkfifo\(\s*["']([^"']+)/g, tool: 'os.mkfifo', does: 'create' },
]

export const fifo: FactExtractor = {
  name: 'fifo',
  bind: (shape) => bindCommands(shape, 'fifo', /mkfifo|mknod/, COMMANDS),
}
