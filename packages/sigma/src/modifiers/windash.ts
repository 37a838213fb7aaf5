// windash: the dashes that Windows programs take for one another, each replaced on its own.
import { changed, type Modifier, ModifierError, type StringValue, type ValuePart } from './modifier.ts'
import { DASH, DASHES } from './sigma-string.ts'

/** One that begins a parameter: not the second one of -param-name. Edges of words as pySigma has them (`\B[-/]\b`). */
const BEFORE_PARAMETER = /(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/gu

/** Written out, n dashes give 5ⁿ forms. */
const MAX_DASHES_WRITTEN_OUT = 5

export const windash: Modifier = {
  takes: ['string'],
  apply(value, { dashParts }) {
    const text = value as StringValue
    const pattern = text.pattern.flatMap((part) => (typeof part === 'string' ? withDashes(part) : [part]))
    const made = changed(text, pattern)
    return dashParts ? [made] : writtenOut(made, 'windash')
  },
}

/** Whether windash finds a dash to replace. */
export const hasParameter = (text: string): boolean => text.search(BEFORE_PARAMETER) >= 0

function withDashes(text: string): ValuePart[] {
  const parts: ValuePart[] = []
  let from = 0
  for (const { index } of text.matchAll(BEFORE_PARAMETER)) {
    if (index > from) parts.push(text.slice(from, index))
    parts.push(DASH)
    from = index + 1
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

/** Each of its DASH parts as each of the dashes. `name`: of the modifier that asks for it. */
export function writtenOut(value: StringValue, name: string): StringValue[] {
  const dashes = value.pattern.filter((part) => part === DASH).length
  if (dashes === 0) return [value]
  if (dashes > MAX_DASHES_WRITTEN_OUT)
    throw new ModifierError(
      `${name}: ${dashes} dashes in a value; at most ${MAX_DASHES_WRITTEN_OUT} are replaced`,
      'unsupported',
    )
  return Array.from({ length: DASHES.length ** dashes }, (_, number) => {
    let left = number
    const pattern: ValuePart[] = []
    for (const part of value.pattern) {
      const text = part === DASH ? DASHES[left % DASHES.length] : part
      if (part === DASH) left = Math.floor(left / DASHES.length)
      const last = pattern.length - 1
      if (typeof text === 'string' && typeof pattern[last] === 'string') pattern[last] += text
      else pattern.push(text)
    }
    return { ...value, pattern }
  })
}
