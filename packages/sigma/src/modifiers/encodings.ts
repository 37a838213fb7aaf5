// wide, utf16le, utf16be, utf16, base64, base64offset: what a value is when something encoded it before it was logged.
import { changed, type Modifier, ModifierError, type StringValue, type Value } from './modifier.ts'
import { writtenOut } from './windash.ts'

/** `mark`: bytes that stand before it. Wildcards stay what they are. */
function utf16(name: string, isBigEndian: boolean, mark: string): Modifier {
  const encode = (text: string) => {
    const bytes = Buffer.from(text, 'utf16le')
    return (isBigEndian ? bytes.swap16() : bytes).toString('latin1')
  }
  return {
    takes: ['string'],
    apply: (value) =>
      writtenOut(value as StringValue, name).map((form) => {
        const parts = form.pattern.map((part) => (typeof part === 'string' ? encode(part) : part))
        if (mark) {
          if (typeof parts[0] === 'string') parts[0] = mark + parts[0]
          else parts.unshift(mark)
        }
        return changed(form, parts, true)
      }),
  }
}

export const utf16le = utf16('utf16le', false, '')
export const wide = utf16('wide', false, '')
export const utf16be = utf16('utf16be', true, '')
/** With the byte order mark FF FE (specification, "utf16"). */
export const utf16WithMark = utf16('utf16', false, '\u00ff\u00fe')

function bytesOf(value: StringValue, name: string): Buffer {
  if (value.pattern.some((part) => typeof part !== 'string'))
    throw new ModifierError(
      `${name}: wildcards can't be encoded; contains stands behind it (${name}|contains)`,
      'value',
    )
  return Buffer.from(value.pattern.join(''), value.isBytes ? 'latin1' : 'utf8')
}

const encoding = (name: string, encode: (bytes: Buffer) => string[]): Modifier => ({
  takes: ['string'],
  apply: (value) =>
    writtenOut(value as StringValue, name).flatMap((form) =>
      encode(bytesOf(form, name)).map((text): Value => changed(form, [text], false)),
    ),
})

export const base64 = encoding('base64', (bytes) => [bytes.toString('base64')])

/** The three ways in which bytes can stand in Base64, cut to what does not depend on their neighbours. */
export const base64offset = encoding('base64offset', (bytes) =>
  [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const start = [0, 2, 3][offset]
    const end = [undefined, -3, -2][(bytes.length + offset) % 3]
    const text = encoded.slice(start, end)
    if (!text) throw new ModifierError('base64offset: a value of two bytes at least was expected', 'value')
    return text
  }),
)
