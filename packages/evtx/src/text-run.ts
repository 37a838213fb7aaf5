// A text run: what a record without a template writes in several tokens (strings, references, CDATA) and means as one text.
import { chunk, u16, u32 } from './chunk.ts'
import { ValueType } from './format.ts'
import { entityText } from './layout.ts'
import { literalText } from './literals.ts'
import { nameId } from './names.ts'
import { utf16 } from './strings.ts'
import { textTokenEnd } from './tokens.ts'
import { valueText } from './values.ts'

/** The text of the tokens from `start` up to `end` of the chunk. */
export function runText(start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; ) {
    const next = textTokenEnd(at, end)
    if (next <= at) break
    switch (chunk[at] & 0x3f) {
      case 0x05: {
        const type = chunk[at + 1]
        const lengthed = type === ValueType.String || next - at - 2 > 16 || !isFixed(type)
        text += valueText(chunk, type, at + 2 + (lengthed ? 2 : 0), next)
        break
      }
      case 0x07:
        text += utf16(chunk, at + 3, at + 3 + u16(at + 1) * 2)
        break
      case 0x08:
        text += String.fromCharCode(u16(at + 1))
        break
      default: {
        const id = nameId(u32(at + 1))
        text += id < 0 ? '' : entityText(literalText(id))
      }
    }
    at = next
  }
  return text
}

function isFixed(type: number): boolean {
  return (
    type !== ValueType.String && type !== ValueType.AnsiString && type !== ValueType.Binary && type < ValueType.SizeT
  )
}
