// XPC services, as Endpoint Security sees them connected to and launchctl's command lines name them.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindSecurityEvents, type SecurityAct } from './endpoint-security.ts'
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

const ACTS: Readonly<Record<string, SecurityAct>> = { xpc_connect: { act: 'connect', name: 'ServiceName' } }

export const xpc: FactExtractor = {
  name: 'xpc',
  bind: (shape) =>
    bindSecurityEvents(shape, 'xpc', ACTS) ??
    (shape.is({ product: 'macos' }) ? bindCommands(shape, 'xpc', /launchctl/, COMMANDS) : undefined),
}
