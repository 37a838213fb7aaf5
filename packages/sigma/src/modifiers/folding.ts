// What "case-insensitive" means here: A–Z equal a–z, and any other letter equals its simple lower-case letter when that is a single one outside ASCII too. So no letter outside
// ASCII ever equals one inside (U+212A KELVIN SIGN is not k, U+017F LONG S is not s), and folding never changes a length (İ stays İ). A literal of ASCII letters can
// therefore be looked for in raw bytes, and nothing is lost by it.

/** Folds text for comparing without case. Same length as the text, in UTF-16 code units. */
export function fold(text: string): string {
  let ascii = true
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 127) {
      ascii = false
      break
    }
  }
  return ascii ? text.toLowerCase() : foldWide(text)
}

function foldWide(text: string): string {
  let folded = ''
  for (const letter of text) {
    const lower = letter.toLowerCase()
    const stays = lower.length !== letter.length || (letter.codePointAt(0)! > 127 && lower.codePointAt(0)! < 128)
    folded += stays ? letter : lower
  }
  return folded
}

/** True when the text is of ASCII characters only. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}
