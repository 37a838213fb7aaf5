// Apple events, as osascript's command lines send them. Group 1 is the application.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  { pattern: /\btell\s+app(?:lication)?\s+\\?["']([^"'\\]{1,100})/gi, tool: 'AppleScript', does: 'send' },
  { pattern: /\bApplication\(\\?["']([^"'\\]{1,100})/g, tool: 'JavaScript for Automation', does: 'send' },
]

export const appleEvent: FactExtractor = {
  name: 'apple-event',
  bind: (shape) =>
    shape.is({ product: 'macos' })
      ? bindCommands(shape, 'apple-event', /tell\s+app|Application\(/i, COMMANDS)
      : undefined,
}
