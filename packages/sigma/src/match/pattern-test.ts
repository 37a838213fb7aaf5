// Whether a whole text fits a pattern with wildcards. `?` is one character, whatever its length in UTF-16; the text between two `*` is taken where it is found first, which
// is always right.
import { ANY, DASH, DASHES, ONE, type Pattern } from '../modifiers/sigma-string.ts'

type FixedPart = string | typeof ONE | typeof DASH
/** What stands between two `*`: one text, or texts and parts of one character. */
type Piece = string | readonly FixedPart[]

const DASH_UNITS: ReadonlySet<number> = new Set(DASHES.map((dash) => dash.charCodeAt(0)))

/** Text and pattern are both folded or both not. */
export function patternTest(pattern: Pattern): (text: string) => boolean {
  const pieces = piecesOf(pattern)
  const first = pieces[0]
  if (pieces.length === 1) {
    if (typeof first === 'string') return (text) => text === first
    return (text) => endAt(text, 0, first) === text.length
  }
  const last = pieces.at(-1)!
  const middle = pieces.slice(1, -1).filter((piece) => piece.length > 0)
  if (middle.length === 1 && first === '' && last === '' && typeof middle[0] === 'string') {
    const [within] = middle
    return (text) => text.includes(within)
  }
  return (text) => {
    let at = typeof first === 'string' ? (text.startsWith(first) ? first.length : -1) : endAt(text, 0, first)
    if (at < 0) return false
    for (const piece of middle) {
      at = endOfFirst(text, at, piece)
      if (at < 0) return false
    }
    return endsWith(text, at, last)
  }
}

function piecesOf(pattern: Pattern): Piece[] {
  const pieces: FixedPart[][] = [[]]
  for (const part of pattern) {
    if (part === ANY) pieces.push([])
    else pieces.at(-1)!.push(part)
  }
  return pieces.map((piece) =>
    piece.length === 0 ? '' : piece.length === 1 && typeof piece[0] === 'string' ? piece[0] : piece,
  )
}

/** Where a piece that begins at `at` ends; -1 when it does not stand there. */
function endAt(text: string, at: number, piece: readonly FixedPart[]): number {
  let end = at
  for (const part of piece) {
    if (typeof part === 'string') {
      if (!text.startsWith(part, end)) return -1
      end += part.length
    } else if (end >= text.length) return -1
    else if (part === ONE) end += isPair(text, end) ? 2 : 1
    else if (DASH_UNITS.has(text.charCodeAt(end))) end++
    else return -1
  }
  return end
}

function isPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  if (unit < 0xd800 || unit > 0xdbff || at + 1 >= text.length) return false
  const next = text.charCodeAt(at + 1)
  return next >= 0xdc00 && next <= 0xdfff
}

/** Where the first place of a piece from `from` on ends; -1 when there is none. */
function endOfFirst(text: string, from: number, piece: Piece): number {
  if (typeof piece === 'string') {
    const found = text.indexOf(piece, from)
    return found < 0 ? -1 : found + piece.length
  }
  const lead = piece[0]
  for (let at = from; at < text.length; at++) {
    if (typeof lead === 'string') {
      at = text.indexOf(lead, at)
      if (at < 0) return -1
    } else if (at > from && isPair(text, at - 1)) continue
    const end = endAt(text, at, piece)
    if (end >= 0) return end
  }
  return -1
}

/** Whether the last piece ends the text, not before `from`. */
function endsWith(text: string, from: number, piece: Piece): boolean {
  if (typeof piece === 'string') return text.length - piece.length >= from && text.endsWith(piece)
  let at = text.length
  for (let index = piece.length - 1; index >= 0; index--) {
    const part = piece[index]
    if (typeof part === 'string') {
      at -= part.length
      if (at < from || !text.startsWith(part, at)) return false
    } else {
      at--
      if (at < from) return false
      if (part === DASH) {
        if (!DASH_UNITS.has(text.charCodeAt(at))) return false
      } else if (at > from && isPair(text, at - 1)) at--
    }
  }
  return true
}
