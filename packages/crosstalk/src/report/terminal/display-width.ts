// How many columns of a terminal a text takes, and how it is folded to fit. For text that is visible already (visible-text.ts).

/** Drawn two columns wide: the East Asian Wide and Fullwidth blocks of Unicode's EastAsianWidth.txt, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u
const MARK = /\p{M}/u

/** Columns that the text takes. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/** The text with spaces behind it up to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/**
 * The text in lines of at most `width` columns: broken at spaces, and where a word is longer than a line (a path, an encoded command)
 * after a character that separates its parts, else anywhere.
 */
export function folded(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const word of text.split(' ')) {
    let rest = word
    let room = width - used - (line ? 1 : 0)
    if (line && displayWidth(rest) > room && (displayWidth(rest) <= width || room < width / 3)) {
      lines.push(line)
      line = ''
      used = 0
      room = width
    }
    while (displayWidth(rest) > room) {
      const piece = firstPiece(rest, room)
      lines.push(line ? `${line} ${piece}` : piece)
      line = ''
      used = 0
      room = width
      rest = rest.slice(piece.length)
    }
    line = line ? `${line} ${rest}` : rest
    used = displayWidth(line)
  }
  if (line || !lines.length) lines.push(line)
  return lines
}

/** As much of a long word as fits into `room` columns; behind a separator when one stands in the last third. */
function firstPiece(word: string, room: number): string {
  let fits = ''
  let width = 0
  for (const character of word) {
    const own = displayWidth(character)
    if (fits && width + own > room) break
    fits += character
    width += own
  }
  const separated = /^.*[\\/;,&|=)}\]]/s.exec(fits)?.[0] ?? ''
  return separated.length > fits.length * 0.66 ? separated : fits
}
