// Attaching to a process (ptrace) and reading and writing its memory, as system calls do it and debuggers' command lines ask for it. Group 1 is the pid.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindSecurityEvents } from './endpoint-security.ts'
import { bindCalls, type ChannelCall } from './unix-calls.ts'
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

/** The channel bears the target's process id. */
const CALLS: Readonly<Record<string, ChannelCall>> = {
  ptrace: { act: 'attach', name: 'TargetProcessId' },
  process_vm_readv: { act: 'attach', name: 'TargetProcessId' },
  process_vm_writev: { act: 'attach', name: 'TargetProcessId' },
  // /proc/<pid>/mem
  open: { act: 'attach', name: 'TargetProcessId' },
  openat: { act: 'attach', name: 'TargetProcessId' },
}

export const ptrace: FactExtractor = {
  name: 'ptrace',
  bind: (shape) =>
    bindCalls(shape, 'ptrace', CALLS) ??
    bindSecurityEvents(shape, 'ptrace', { trace: { act: 'attach', name: 'TargetProcessId' } }) ??
    bindCommands(shape, 'ptrace', /db\s|trace\s|\/proc\/\d/, COMMANDS),
}
