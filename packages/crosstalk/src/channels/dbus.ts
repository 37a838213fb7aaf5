// D-Bus: calls made by its command line tools. Group 1 is the destination's bus name.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  { pattern: /\bdbus-send\s[^|;&]{0,300}?--dest[= ]([\w.:-]+)/g, tool: 'dbus-send', does: 'send' },
  {
    pattern: /\bgdbus\s+(?:call|emit|introspect|monitor|wait)\s[^|;&]{0,300}?(?:--dest|-d)[= ]+([\w.:-]+)/g,
    tool: 'gdbus',
    does: 'send',
  },
  {
    pattern: /\bbusctl\s(?:[^|;&]{0,200}?\s)?(?:call|get-property|set-property|introspect|emit)\s+([\w.:-]+)/g,
    tool: 'busctl',
    does: 'send',
  },
  { pattern: /\bqdbus\s+(?:--system\s+)?([A-Za-z_][\w-]*(?:\.[\w-]+)+)/g, tool: 'qdbus', does: 'send' },
  { pattern: /\b(?:dbus-monitor|busctl\s+(?:monitor|capture))\b/g, tool: 'monitor', name: 'bus', does: 'listen' },
]

export const dbus: FactExtractor = {
  name: 'dbus',
  bind: (shape) => bindCommands(shape, 'dbus', /dbus|busctl/, COMMANDS),
}
