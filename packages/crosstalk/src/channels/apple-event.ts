// Apple events, as osascript's command lines send them and as Endpoint Security sees the permission for them changed. Group 1 is the application.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindSecurityEvents, type SecurityAct } from './endpoint-security.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  { pattern: /\btell\s+app(?:lication)?\s+\\?["']([^"'\\]{1,100})/gi, tool: 'AppleScript', does: 'send' },
  { pattern: /\bApplication\(\\?["']([^"'\\]{1,100})/g, tool: 'JavaScript for Automation', does: 'send' },
]

/** Who may send Apple events: TCC's service kTCCServiceAppleEvents. The channel bears the one that was allowed or denied. */
const ACTS: Readonly<Record<string, SecurityAct>> = {
  tcc_modify: { act: 'configure', name: 'TccIdentity', only: { field: 'TccService', is: /AppleEvents$/ } },
}

export const appleEvent: FactExtractor = {
  name: 'apple-event',
  bind: (shape) =>
    bindSecurityEvents(shape, 'apple-event', ACTS) ??
    (shape.is({ product: 'macos' })
      ? bindCommands(shape, 'apple-event', /tell\s+app|Application\(/i, COMMANDS)
      : undefined),
}
