// Reads files of lines from Linux hosts: audit records, with or without syslog's header, and everything else in syslog. They come mixed, so that one reader serves
// all; which source takes a file says only what most of it is.
import type { EventPointer, SourceEvent } from '../../events/event.ts'
import { readBytes } from '../containers/read-bytes.ts'
import { forEachLine } from '../framing.ts'
import type { ByteRange, Input, ReadOptions, Skip } from '../source.ts'
import { isUtf16 } from '../utf16.ts'
import { LinuxMessages, LOOK_BACK, type LookBack } from './linux-messages.ts'
import { parseSyslogHeader, type SyslogClock } from './syslog-header.ts'

const DAY = 86_400_000

/**
 * Reads the lines whose first byte lies in the range. An audit event that is made of several records belongs to the range of the line that completes it: what began
 * before is found by reading, silently, as much of what lies before the range as can matter.
 */
export async function readLinuxLines(
  input: Input,
  range: ByteRange | undefined,
  options: ReadOptions,
  onEvent: (event: SourceEvent) => void,
  onSkip: (skip: Skip) => void,
  lookBack: LookBack = LOOK_BACK,
): Promise<void> {
  const zone = options.zone ?? 0
  const start = range?.start ?? 0
  const isWide = range !== undefined && isUtf16(await readBytes(input, 0, 2))
  // Lines of UTF-16 are read by whoever has the first.
  if (isWide && start > 0) return
  const from = Math.max(0, start - lookBack.maxSpread - lookBack.imageWindow)
  const messages = new LinuxMessages(input.name, onEvent, onSkip, zone, lookBack)
  messages.isSilent = start > 0
  const clock: SyslogClock = { zone, latest: Date.now() + DAY }
  const feeds = await countFeeds(input, from)
  /** of the line before; undefined until the first has come */
  let line: number | undefined
  await forEachLine(
    input,
    range && !isWide ? { start: from, end: range.end } : undefined,
    (bytes, begin, end, offset, length) => {
      // Where reading began inside a line, that line's feed is one more.
      line = (line ?? feeds + (offset > from && from > 0 ? 1 : 0)) + 1
      if (offset >= start) messages.isSilent = false
      // Far before the range only processes matter, of which SYSCALL, EXECVE and PROCTITLE tell.
      const isIdle = offset < start - lookBack.maxSpread && tellsOfObjects(bytes, begin, end)
      if (begin < end && !isIdle)
        takeLine(messages, bytes, begin, end, { file: input.name, offset, length, recordId: line }, clock, onSkip)
      messages.reached(offset + length)
    },
    (skip) => {
      line = (line ?? feeds) + 1
      if (skip.offset >= start) onSkip(skip)
      messages.reached(skip.offset + skip.bytes)
    },
  )
  if (range && !isWide && (await readBytes(input, range.end, range.end + 1)).length > 0) return
  messages.isSilent = false
  messages.flush()
}

function takeLine(
  messages: LinuxMessages,
  bytes: Buffer,
  start: number,
  end: number,
  pointer: EventPointer,
  clock: SyslogClock,
  onSkip: (skip: Skip) => void,
): void {
  const { offset, length } = pointer
  if (messages.takeAudit(bytes, start, end, offset, length, '')) return
  const header = parseSyslogHeader(bytes, start, end, clock)
  if (header) messages.take(bytes, Math.min(header.message, end), end, pointer, header)
  else if (!messages.isSilent) onSkip({ reason: 'line of no known form', offset, bytes: length })
}

/** First letters of the types of records that belong to a call and tell of its objects: PATH, CWD, SOCKADDR, BPRM_FCAPS, IPC, MQ_OPEN, FD_PAIR, MMAP, OBJ_PID. */
const OBJECTS: ReadonlySet<number> = new Set(
  ['PA', 'CW', 'SO', 'BP', 'IP', 'MQ', 'FD', 'MM', 'OB'].map((two) => two.charCodeAt(0) * 256 + two.charCodeAt(1)),
)

function tellsOfObjects(bytes: Buffer, start: number, end: number): boolean {
  const isNamed = bytes[start] === 0x6e
  const at = isNamed ? bytes.indexOf(0x20, start) + 1 : start
  if (end - at < 7 || bytes[at] !== 0x74 || bytes[at + 4] !== 0x3d) return false
  return OBJECTS.has(bytes[at + 5] * 256 + bytes[at + 6])
}

/** Line feeds in the first bytes of an input. */
async function countFeeds(input: Input, end: number): Promise<number> {
  let feeds = 0
  if (end === 0) return 0
  for await (const piece of input.open(0, end)) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) feeds++
  }
  return feeds
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
