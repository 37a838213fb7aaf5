// Evidence is hostile: a command line may carry escape sequences that rewrite a terminal, bidirectional controls that reorder what one
// reads, and characters that cannot be seen. Every report passes evidence through here, so that what is there is seen, and only seen.

/** Controls, formats, private use, surrogates without a pair, blanks other than the space, and what fonts draw as nothing. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/gu
/** More marks on one letter than any script needs: they draw over the lines around them. */
const STACKED_MARKS = /(\p{M}{4})(\p{M}+)/gu
/** Below these, every character stands for itself. */
const PLAIN = /^[\x20-\x7e]*$/

/**
 * The text with everything invisible made visible: C0 controls and DEL as their control pictures (`␛`, `␊`), all else as `<U+202E>`.
 * Idempotent; printable text comes back as it is.
 */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replace(HIDDEN, picture).replace(STACKED_MARKS, (_, few: string, more: string) => {
    return `${few}<${[...more].length} more marks>`
  })
}

/** ` … 1234567 more characters … ` */
const NOTE_LENGTH = 30

/** Visible text of about `length` characters at most: the middle is left out, and how much of it is said. */
export function shortened(text: string, length: number): string {
  const visible = visibleText(text)
  if (visible.length <= length) return visible
  const keep = Math.max(0, length - NOTE_LENGTH)
  const head = Math.ceil(keep * 0.7)
  const left = visible.length - keep
  return `${whole(visible.slice(0, head))} … ${left} more characters … ${whole(visible.slice(head + left))}`
}

/** A cut may go through a surrogate pair. */
function whole(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
}

function picture(character: string): string {
  const code = character.codePointAt(0)!
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}
