// Commands of Linux and macOS that make or use a channel, as their command lines name it. Each kind lists its own; all are read alike.
import type { SourceShape } from '../events/event.ts'
import type { ReadFacts } from '../facts/extractor.ts'
import type { ChannelKind } from '../facts/fact.ts'
import { bindReferences, type Reference } from './free-text.ts'

/** Longer than any path of a socket (sockaddr_un holds 108 bytes) or bus name (255). */
const MAX_UNIX_PATH = 300

export interface ChannelCommand {
  /** global; group 1 is the channel's name, where the command line has one */
  pattern: RegExp
  tool: string
  /** the name when the pattern has no group 1 */
  name?: string
  /** what the command does there, for `detail` */
  does: string
}

/** Observations of the commands of a kind: `refer`, since the command line tells what was asked for, not that it happened. */
export function bindCommands(
  shape: SourceShape,
  kind: ChannelKind,
  mayName: RegExp,
  commands: readonly ChannelCommand[],
): ReadFacts | undefined {
  return bindReferences(shape, kind, mayName, (text) => commandReferences(text, commands), 'unix')
}

function* commandReferences(text: string, commands: readonly ChannelCommand[]): Generator<Reference> {
  for (const { pattern, tool, name, does } of commands) {
    for (const match of text.matchAll(pattern)) {
      const named = match[1]?.slice(0, MAX_UNIX_PATH).replace(/^["']|["',;)]+$/g, '') || name
      if (named) yield { name: named, at: match.index, detail: { tool, does } }
    }
  }
}
