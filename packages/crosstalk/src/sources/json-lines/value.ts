// Decodes what the scanner only pointed at: strings, numbers, lists.
import { type FieldValue, ValueKind } from '@crosstalk/sigma/match'

/** Text of bytes that hold no escapes. Bytes that are no UTF-8 become U+FFFD, as everywhere in JavaScript. */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end)
}

/** Text of the inside of a JSON string with escapes. The scanner has checked the escapes; raw control characters are taken as they are. */
export function decodeEscaped(bytes: Buffer, start: number, end: number): string {
  return unescapeText(bytes.toString('utf8', start, end))
}

const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** Resolves the escapes of RFC 8259, section 7. */
export function unescapeText(text: string): string {
  let out = ''
  let from = 0
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
    out += text.slice(from, at)
    const letter = text[at + 1]
    if (letter === 'u') {
      out += String.fromCharCode(Number.parseInt(text.slice(at + 2, at + 6), 16))
      from = at + 6
    } else {
      out += ESCAPES[letter] ?? letter
      from = at + 2
    }
  }
  return out + text.slice(from)
}

/** The value that stands in [start, end), by its kind, as JSON.parse gives it. Undefined when absent. */
export function decodeValue(bytes: Buffer, kind: number, start: number, end: number): FieldValue | undefined {
  if (kind === ValueKind.Utf8) return decodeText(bytes, start, end)
  if (kind === ValueKind.JsonEscaped) return decodeEscaped(bytes, start, end)
  if (kind === ValueKind.Absent) return undefined
  if (kind === ValueKind.Null) return null
  return decodeOther(bytes, start, end)
}

function decodeOther(bytes: Buffer, start: number, end: number): FieldValue {
  const first = bytes[start]
  if (first === 0x74) return true
  if (first === 0x66) return false
  if (first !== 0x5b && first !== 0x7b) return Number(bytes.toString('latin1', start, end))
  return parseForgiving(bytes.toString('utf8', start, end))
}

/** JSON.parse that takes raw control characters inside strings, as the scanner does. The scanner has checked everything else. */
export function parseForgiving(text: string): FieldValue {
  try {
    return JSON.parse(text) as FieldValue
  } catch {
    return JSON.parse(escapeControls(text)) as FieldValue
  }
}

/** White space between values may stay (a space for it does no harm); inside strings a control character needs its escape. */
function escapeControls(text: string): string {
  let inString = false
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '"') inString = !inString
    if (inString && char === '\\') out += char + text[++i]
    else if (char < ' ') out += inString ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : ' '
    else out += char
  }
  return out
}
