// Unix domain sockets, as command lines name them. Abstract names (Linux) keep their `@`.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  {
    pattern:
      /\bn(?:c|cat|etcat)(?:\.\w+)?\s(?=[^|;&]{0,200}?-\w*U)(?=[^|;&]{0,200}?-\w*l)[^|;&]{0,200}?((?:\/|@)[^\s|;&]+)/g,
    tool: 'nc',
    does: 'listen',
  },
  {
    pattern: /\bn(?:c|cat|etcat)(?:\.\w+)?\s(?=[^|;&]{0,200}?-\w*U)[^|;&]{0,200}?((?:\/|@)[^\s|;&]+)/g,
    tool: 'nc',
    does: 'connect',
  },
  { pattern: /\b(?:UNIX|ABSTRACT)-L(?:ISTEN)?:([^\s,"']+)/gi, tool: 'socat', does: 'listen' },
  {
    pattern: /\b(?:UNIX|ABSTRACT)-(?:CONNECT|CLIENT|SENDTO|RECV(?:FROM)?):([^\s,"']+)/gi,
    tool: 'socat',
    does: 'connect',
  },
  { pattern: /--(?:abstract-)?unix-socket[= ]+([^\s"']+)/g, tool: 'curl', does: 'connect' },
  { pattern: /\bunix:\/\/(\/[^\s"',]+)/g, tool: 'unix:// address', does: 'connect' },
]

export const unixSocket: FactExtractor = {
  name: 'unix-socket',
  bind: (shape) => bindCommands(shape, 'unix-socket', /-\w*U|unix|abstract/i, COMMANDS),
}
