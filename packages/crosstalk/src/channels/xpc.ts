// XPC services, as launchctl's command lines name them.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  {
    pattern:
      /\blaunchctl\s+(?:kickstart|kill|blame|print|enable|disable|bootout)\s+(?:-\w+\s+){0,3}(?:system|user|gui|login|pid)\/(?:\d+\/)?([\w.-]+)/g,
    tool: 'launchctl',
    does: 'control',
  },
  {
    pattern:
      /\blaunchctl\s+(?:bootstrap|load|unload)\s+(?:-\w+\s+){0,3}(?:(?:system|(?:user|gui)\/\d+)\s+)?(\/[^\s|;&]+)/g,
    tool: 'launchctl',
    does: 'register',
  },
  { pattern: /\blaunchctl\s+(?:start|stop|remove)\s+([\w.-]+)/g, tool: 'launchctl', does: 'control' },
  { pattern: /\blaunchctl\s+submit\s+-l\s+([\w.-]+)/g, tool: 'launchctl', does: 'register' },
]

export const xpc: FactExtractor = {
  name: 'xpc',
  bind: (shape) => (shape.is({ product: 'macos' }) ? bindCommands(shape, 'xpc', /launchctl/, COMMANDS) : undefined),
}
