// D-Bus: messages of a capture, and calls made by its command line tools. Group 1 of a pattern is the destination's bus name.
import type { SourceShape } from '../events/event.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import { detailFields, factBase, field } from '../facts/field.ts'
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
  bind: (shape) => bindMessage(shape) ?? bindCommands(shape, 'dbus', /dbus|busctl/, COMMANDS),
}

/** A call in a capture: who asked is known by its name on the bus alone. Replies and signals are left out. */
function bindMessage(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'linux', service: 'dbus' }) || shape.eventId !== 'method_call') return undefined
  const destination = field(shape, ['Destination'])
  const detail = detailFields(shape, ['Sender', 'Destination', 'ObjectPath', 'Interface', 'Member'])
  return (event, emit) => {
    const name = destination(event)
    if (name === undefined) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'dbus', host: event.host, name },
      act: 'send',
      detail: detail(event),
    })
  }
}
