// Checks of lists: what stands there twice, and values that others cover.
import { fold } from '../modifiers/folding.ts'
import { parsePattern } from '../modifiers/sigma-string.ts'
import type { Path } from '../parse/rule-document.ts'
import type { DetectionItem } from '../rule.ts'
import type { Fix } from './diagnostic.ts'
import type { Subject } from './subject.ts'

/** A list longer than this is not searched for values that cover each other. */
const MAX_COVER = 400

/** A fix that takes an entry out of a list; undefined where it shares its line with something else. */
export function removing({ text, span }: Subject, path: Path): Fix | undefined {
  const place = span(path, 'value')
  if (!place) return undefined
  const start = text.lastIndexOf('\n', place.start - 1) + 1
  const newline = text.indexOf('\n', place.end)
  if (newline < 0 || !/^[ ]*- +$/.test(text.slice(start, place.start))) return undefined
  if (text.slice(place.start, place.end).includes('\n') || text.slice(place.end, newline).trim() !== '')
    return undefined
  return { title: 'take the second one out', start, end: newline + 1, text: '' }
}

export function checkReferences(subject: Subject): void {
  const { references } = subject.raw
  if (!Array.isArray(references)) return
  const seen = new Set<unknown>()
  references.forEach((one: unknown, at) => {
    if (seen.has(one))
      subject.report(
        'reference-duplicate',
        ['references', at],
        `"${String(one)}" stands there twice`,
        removing(subject, ['references', at]),
      )
    seen.add(one)
  })
}

export function checkRepeats(subject: Subject, item: DetectionItem, path: Path): void {
  if (item.values.length < 2) return
  // What is encoded differs with the case of what it was.
  const isCased = item.modifiers.some((one) => one === 'cased' || one === 're' || one.startsWith('base64'))
  const seen = new Map<string, number>()
  item.values.forEach((value, at) => {
    const text = value === null ? '\u0000' : String(value)
    const key = isCased ? text : fold(text)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, at)
    else
      subject.report(
        'value-duplicate',
        [...path, at],
        `${JSON.stringify(value)} stands there already${text === String(item.values[first]) ? '' : `, as ${JSON.stringify(item.values[first])}: case makes no difference`}`,
        removing(subject, [...path, at]),
      )
  })
  if (item.modifiers.length === 1 && item.modifiers[0] === 'contains' && !item.all) checkCovered(subject, item, path)
}

function checkCovered(subject: Subject, item: DetectionItem, path: Path): void {
  const texts = item.values.map((value) => (typeof value === 'string' ? plain(value) : undefined))
  if (texts.length > MAX_COVER) return
  texts.forEach((text, at) => {
    if (!text) return
    const by = texts.findIndex(
      (one, other) => other !== at && one !== undefined && one !== '' && one !== text && text.includes(one),
    )
    if (by >= 0)
      subject.report(
        'value-covered',
        [...path, at],
        `${JSON.stringify(item.values[by])} is found wherever ${JSON.stringify(item.values[at])} is: this one adds nothing`,
      )
  })
}

/** The folded text of a value without wildcards. */
function plain(value: string): string | undefined {
  const pattern = parsePattern(value)
  return pattern.every((part) => typeof part === 'string') ? fold(pattern.join('')) : undefined
}
