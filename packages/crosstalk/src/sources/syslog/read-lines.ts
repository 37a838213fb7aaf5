// Reads files of lines from Linux hosts: audit records, with or without syslog's header, and everything else in syslog. They come mixed, so that one reader serves
// all; which source takes a file says only what most of it is.
import type { SourceEvent } from '../../events/event.ts'
import { forEachLine } from '../framing.ts'
import type { Input, ReadOptions, Skip } from '../source.ts'
import { LinuxMessages } from './linux-messages.ts'
import { parseSyslogHeader, type SyslogClock } from './syslog-header.ts'

const DAY = 86_400_000

export async function readLinuxLines(
  input: Input,
  options: ReadOptions,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
): Promise<void> {
  const zoneOffset = options.zoneOffset ?? 0
  const messages = new LinuxMessages(input.name, onEvent, onSkip, zoneOffset)
  const clock: SyslogClock = { zoneOffset, latest: Date.now() + DAY }
  let line = 0
  await forEachLine(
    input,
    undefined,
    (bytes, start, end, offset, length) => {
      line++
      if (start === end) return
      if (messages.takeAudit(bytes, start, end, offset, length, '')) return
      const header = parseSyslogHeader(bytes, start, end, clock)
      if (!header) {
        onSkip({ reason: 'line of no known form', offset, bytes: length })
        return
      }
      const message = Math.min(header.message, end)
      messages.take(bytes, message, end, { file: input.name, offset, length, recordId: line }, header)
    },
    onSkip,
  )
  messages.flush()
}

/** The share of the head's first lines that `is` holds for. Lines cut by the head's end don't count. */
export function shareOfLines(head: Uint8Array, is: (line: Buffer) => boolean): number {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  let lines = 0
  let found = 0
  for (let at = 0; at < bytes.length && lines < 50; ) {
    const feed = bytes.indexOf(0x0a, at)
    // The last line may be cut off by the head; it counts when it is the only one.
    if (feed < 0 && lines > 0) break
    const end = feed < 0 ? bytes.length : feed
    if (end > at) {
      lines++
      if (is(bytes.subarray(at, bytes[end - 1] === 0x0d ? end - 1 : end))) found++
    }
    at = end + 1
  }
  return lines === 0 ? 0 : found / lines
}
