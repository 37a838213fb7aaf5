// The header of a line of syslog: RFC 5424, RFC 3164 (BSD) with and without priority, and what rsyslog and journalctl write with ISO 8601 times.
import type { Zone } from '../local-zone.ts'
import { parseIsoBytes } from '../timestamps.ts'

export interface SyslogHeader {
  /** microseconds since 1970 UTC; NaN when the header has none that can be read */
  time: number
  host: string
  program: string
  pid: string
  facility: number
  severity: number
  /** RFC 5424 */
  messageId: string
  structuredData: string
  /** where the message begins, in bytes from the buffer's start */
  message: number
}

/** Times without zone and year need both. */
export interface SyslogClock {
  /** of times that name none */
  zone: Zone
  /** the latest moment that the lines can be of, in milliseconds since 1970: a month and day that would be later is of the year before */
  latest: number
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
/** longer headers are none */
const MAX_HEADER = 2_048
const BSD = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?:? /
const ISO = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) /
const RFC5424 = /^1 (\S{1,48}) (\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,64}) /
const SNARE = 'MSWinEventLog'
/** `program[123]: `, `program: `; programs have slashes (`postfix/smtpd`) and parentheses (`(systemd)`) */
const TAG = /^([^\s:[\]]{1,128})(?:\[([^\]\s]{0,64})\])?: ?/

/** Reads the header of the line in bytes[start, end); undefined when it has none. */
export function parseSyslogHeader(
  bytes: Buffer,
  start: number,
  end: number,
  clock: SyslogClock,
): SyslogHeader | undefined {
  // latin1: a character a byte, so that places in the text are places in the bytes.
  const text = bytes.toString('latin1', start, Math.min(end, start + MAX_HEADER))
  const priority = /^<(\d{1,3})>/.exec(text)
  const level = priority ? Number(priority[1]) : Number.NaN
  const from = priority?.[0].length ?? 0
  const header: SyslogHeader = {
    time: Number.NaN,
    host: '',
    program: '',
    pid: '',
    facility: Math.floor(level / 8),
    severity: level % 8,
    messageId: '',
    structuredData: '',
    message: start,
  }
  const rest = text.slice(from)
  return (
    (priority && fromRfc5424(header, rest, start + from)) ||
    fromBsd(header, rest, start + from, clock) ||
    fromIso(header, rest, start + from, clock)
  )
}

const orEmpty = (value: string): string => (value === '-' ? '' : value)

function fromRfc5424(header: SyslogHeader, text: string, at: number): SyslogHeader | undefined {
  const found = RFC5424.exec(text)
  if (!found) return undefined
  const [whole, time, host, program, pid, messageId] = found
  const data = structuredData(text, whole.length)
  if (data < 0) return undefined
  header.time = isoTime(time, 0)
  header.host = orEmpty(host)
  header.program = orEmpty(program)
  header.pid = orEmpty(pid)
  header.messageId = orEmpty(messageId)
  header.structuredData = orEmpty(text.slice(whole.length, data))
  let message = data
  if (text[message] === ' ') message++
  // UTF-8's byte order mark may stand before the message (section 6.4).
  if (text.startsWith('\u00ef\u00bb\u00bf', message)) message += 3
  header.message = at + message
  return header
}

/** Behind the structured data that begins at `from` (section 6.3); -1 when there is none. */
function structuredData(text: string, from: number): number {
  if (text[from] === '-') return from + 1
  let at = from
  while (text[at] === '[') {
    let quoted = false
    for (at++; at < text.length; at++) {
      if (quoted && text[at] === '\\') at++
      else if (text[at] === '"') quoted = !quoted
      else if (text[at] === ']' && !quoted) break
    }
    at++
  }
  return at > from && at <= text.length ? at : -1
}

function fromBsd(header: SyslogHeader, text: string, at: number, clock: SyslogClock): SyslogHeader | undefined {
  const found = BSD.exec(text)
  if (!found) return undefined
  const [whole, month, day, year, hour, minute, second, fraction = ''] = found
  const index = MONTHS.indexOf(month)
  if (index < 0 || index % 3 !== 0) return undefined
  const two = (part: string | number): string => String(part).padStart(2, '0')
  const rest = `-${two(index / 3 + 1)}-${two(day)}T${hour}:${minute}:${second}.${fraction || '0'}`
  const latestYear = new Date(clock.latest).getUTCFullYear()
  header.time = isoTime(`${year ?? latestYear}${rest}`, clock.zone)
  if (year === undefined && header.time > clock.latest * 1000)
    header.time = isoTime(`${latestYear - 1}${rest}`, clock.zone)
  if (Number.isNaN(header.time)) return undefined
  return hostAndTag(header, text, whole.length, at)
}

function fromIso(header: SyslogHeader, text: string, at: number, clock: SyslogClock): SyslogHeader | undefined {
  const found = ISO.exec(text)
  if (!found) return undefined
  header.time = isoTime(found[1], clock.zone)
  if (Number.isNaN(header.time)) return undefined
  return hostAndTag(header, text, found[0].length, at)
}

function hostAndTag(header: SyslogHeader, text: string, from: number, at: number): SyslogHeader | undefined {
  const host = /^(\S{1,255}) /.exec(text.slice(from))
  if (!host) return undefined
  // Some write no host, but the program right away.
  const hasHost = !host[1].endsWith(':')
  if (hasHost) header.host = host[1]
  const tagAt = from + (hasHost ? host[0].length : 0)
  const tag = TAG.exec(text.slice(tagAt))
  // Snare writes its fields, parted by tabs, right behind the host; the first is its name.
  if (text.startsWith(SNARE, tagAt)) {
    header.program = SNARE
    header.message = at + tagAt
    return header
  }
  if (!tag) {
    header.message = at + tagAt
    return hasHost ? header : undefined
  }
  header.program = tag[1]
  header.pid = tag[2] ?? ''
  header.message = at + tagAt + tag[0].length
  return header
}

function isoTime(text: string, zone: Zone): number {
  const bytes = Buffer.from(text, 'latin1')
  return parseIsoBytes(bytes, 0, bytes.length, zone)
}
