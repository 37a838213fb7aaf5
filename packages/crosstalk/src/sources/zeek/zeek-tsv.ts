// Zeek's logs as text: a header of lines that start with `#`, then one record a line. Several logs may stand one behind the other.
import { forEachLine, lineRanges } from '../framing.ts'
import type { ByteRange, Input, Source } from '../source.ts'
import { TsvEvent } from './tsv-event.ts'
import { logOf, newHeader, readHeaderLine, type TsvHeader } from './tsv-header.ts'

const HASH = 0x23
/** longer lines are no header */
const MAX_HEADER_LINE = 256 * 1024

export const zeekTsv: Source = {
  format: 'zeek-tsv',
  title: 'Zeek logs as text',
  detect,
  ranges: lineRanges,
  async read(input, range, _options, onEvent, onSkip) {
    const header = range && range.start > 0 ? await headerBefore(input, range) : newHeader()
    const event = new TsvEvent()
    event.file = input.name
    let log = logOf(header)
    let unset: Uint8Array = Buffer.from(header.unsetField)
    let empty: Uint8Array = Buffer.from(header.emptyField)
    if (log) event.begin(log, header)
    let line = 0
    await forEachLine(
      input,
      range,
      (bytes, start, end, offset, length) => {
        line++
        if (start === end) return
        if (bytes[start] === HASH) {
          readHeaderLine(header, bytes.toString('utf8', start, Math.min(end, start + MAX_HEADER_LINE)))
          log = logOf(header)
          unset = Buffer.from(header.unsetField)
          empty = Buffer.from(header.emptyField)
          if (log) event.begin(log, header)
          return
        }
        if (!log || !event.set(bytes, start, end, header.separator, unset, empty)) {
          const reason = log ? 'line with other columns than its header' : 'line without a header'
          onSkip({ reason, offset, bytes: length })
          return
        }
        event.offset = offset
        event.length = length
        event.recordId = line
        onEvent(event)
      },
      onSkip,
    )
  },
}

function detect(head: Uint8Array): number {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16_384)).toString('latin1')
  const start = text.replace(/^\xef\xbb\xbf/, '')
  if (/^#separator \S/.test(start)) return /(?:^|\n)#fields./.test(start) ? 0.99 : 0.8
  return /^#(?:set_separator|empty_field|unset_field|path)\t[^\n]*\n(?:#[^\n]*\n){0,8}?#fields\t/.test(start) ? 0.9 : 0
}

/** The header that holds where the range starts: the last one before it. Reads what lies before, but looks at lines that start with `#` only. */
async function headerBefore(input: Input, range: ByteRange): Promise<TsvHeader> {
  const header = newHeader()
  await forEachLine(
    input,
    { start: 0, end: range.start },
    (bytes, start, end) => {
      if (bytes[start] === HASH && end > start && end - start <= MAX_HEADER_LINE)
        readHeaderLine(header, bytes.toString('utf8', start, end))
    },
    () => undefined,
  )
  return header
}
