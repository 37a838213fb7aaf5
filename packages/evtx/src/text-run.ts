// A text run: what a record without a template writes in several tokens (strings, references, CDATA) and means as one text.

import { characterText, entityText } from './characters.ts'
import { chunk, u16, u32 } from './chunk.ts'
import { fixedSize, ValueType } from './format.ts'
import { literalText } from './literals.ts'
import { nameId } from './names.ts'
import { utf16 } from './strings.ts'
import { textTokenEnd } from './tokens.ts'
import { valueText } from './values.ts'

/** A piece of a run: its text, and how XML writes it when that is not the text escaped. */
export interface RunPiece {
  readonly text: string
  readonly xml: string | undefined
}

/** The text of the tokens from `start` up to `end` of the chunk. */
export function runText(start: number, end: number): string {
  return runPieces(start, end)
    .map((piece) => piece.text)
    .join('')
}

/** The tokens from `start` up to `end` of the chunk, one by one. */
export function runPieces(start: number, end: number): RunPiece[] {
  const pieces: RunPiece[] = []
  for (let at = start; at < end; ) {
    const next = textTokenEnd(at, end)
    if (next <= at) break
    pieces.push(piece(at, next))
    at = next
  }
  return pieces
}

function piece(at: number, end: number): RunPiece {
  switch (chunk[at] & 0x3f) {
    case 0x05: {
      const type = chunk[at + 1]
      // Texts and other values of any length carry their length.
      const start = at + 2 + (type === ValueType.String || fixedSize(type) < 0 ? 2 : 0)
      return { text: valueText(chunk, type, start, end), xml: undefined }
    }
    case 0x07: {
      const text = utf16(chunk, at + 3, end)
      return { text, xml: cdataXml(text) }
    }
    case 0x08: {
      const unit = u16(at + 1)
      return { text: characterText(unit), xml: `&#${unit};` }
    }
    default: {
      const id = nameId(u32(at + 1))
      const name = id < 0 ? '' : literalText(id)
      return { text: entityText(name), xml: `&${name};` }
    }
  }
}

/** A CDATA section; its end mark within it begins another. */
export function cdataXml(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}
