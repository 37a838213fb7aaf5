// Attaching to a process (ptrace), as debuggers' command lines ask for it. Group 1 is the pid.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  {
    pattern: /\b(?:gdb|lldb)\s[^|;&]{0,200}?(?:-p|--pid|--attach-pid)[= ]?\s*(\d+)/g,
    tool: 'debugger',
    does: 'attach',
  },
  { pattern: /\b(?:strace|ltrace)\s[^|;&]{0,200}?-p\s*(\d+)/g, tool: 'tracer', does: 'attach' },
  { pattern: /\/proc\/(\d+)\/mem\b/g, tool: 'path', does: 'read or write memory' },
]

export const ptrace: FactExtractor = {
  name: 'ptrace',
  bind: (shape) => bindCommands(shape, 'ptrace', /db\s|trace\s|\/proc\/\d/, COMMANDS),
}
