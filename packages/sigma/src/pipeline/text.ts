// Values of detection items as pySigma's pipelines see them: when the modifiers are done. `contains: abc` is *abc* by then.
import { MAKES_NO_TEXT } from '../modifiers/comparing-modifiers.ts'
import type { ValuePart } from '../modifiers/modifier.ts'
import { applyModifiers, ModifierError } from '../modifiers/modifiers.ts'
import { parseWithPlaceholders } from '../modifiers/placeholders.ts'
import { ANY, type Pattern, parsePattern } from '../modifiers/sigma-string.ts'
import type { DetectionItem, RuleValue } from '../rule.ts'

/** Modifiers that make several forms of a value or wait for the values of placeholders: they are left to work on what a pipeline makes of the value as it is written. */
const LEFT = ['windash', 'base64offset', 'expand']
/** Modifiers of the item, not of its values' text. */
const OF_ITEM = ['cased', 'neq', 'all']

/** Not a regular expression, a network, a comparison or the like. */
export const isText = ({ modifiers }: DetectionItem): boolean => !modifiers.some((one) => MAKES_NO_TEXT.includes(one))

/** Whether modifiers are left that make several forms of a value. */
export const isLeft = ({ modifiers }: DetectionItem): boolean => modifiers.some((one) => LEFT.includes(one))

/** The item with its modifiers worked into its values, where that can be. */
export function asText(item: DetectionItem): DetectionItem {
  const chain = item.modifiers.filter((one) => !OF_ITEM.includes(one))
  if (!chain.length || !isText(item) || isLeft(item)) return item
  try {
    const { tests } = applyModifiers([...chain, 'cased'], item.values, false, { placeholders: new Map() })
    const values = tests.map(([test], at) => (test.kind === 'pattern' ? written(test.pattern) : item.values[at]))
    return { ...item, modifiers: item.modifiers.filter((one) => OF_ITEM.includes(one)), values }
  } catch (error) {
    // It is told when the rule is compiled.
    if (error instanceof ModifierError) return item
    throw error
  }
}

/** Text and wildcards of a value, and placeholders where `expand` has yet to replace them. */
export const partsOf = (text: string, { modifiers }: DetectionItem): readonly ValuePart[] =>
  modifiers.includes('expand') ? parseWithPlaceholders(text) : parsePattern(text)

/** And back, as a rule writes it. `change` writes its texts. */
export function writtenParts(
  parts: readonly ValuePart[],
  { modifiers }: DetectionItem,
  change: (text: string) => string = (text) => written([text]),
): string {
  const escaped = (text: string) => (modifiers.includes('expand') ? text.replaceAll('%', '\\%') : text)
  return parts
    .map((part) =>
      typeof part === 'object'
        ? `%${part.placeholder}%`
        : typeof part === 'string'
          ? escaped(change(part))
          : written([part]),
    )
    .join('')
}

/** A pattern as a rule writes it. */
export const written = (pattern: Pattern): string =>
  pattern
    .map((part) => (typeof part === 'string' ? part.replace(/[\\*?]/g, '\\$&') : part === ANY ? '*' : '?'))
    .join('')

/** Text as pySigma shows it: only wildcards that are none have a backslash before them. */
export const shown = (text: string): string =>
  parsePattern(text)
    .map((part) => (typeof part === 'string' ? part.replace(/[*?]/g, '\\$&') : part === ANY ? '*' : '?'))
    .join('')

/** And back: every backslash that is not before a wildcard is one. */
export const unshown = (text: string): string => text.replace(/\\(?![*?])/g, '\\\\')

/** Text with wildcards as a part of a regular expression. */
export const regexBody = (text: string): string =>
  parsePattern(text)
    .map((part) => (typeof part === 'string' ? part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : part === ANY ? '.*' : '.'))
    .join('')

/** The same value: text with the same wildcards, a number, … */
export const isSame = (value: RuleValue, other: unknown): boolean =>
  typeof value === 'string' && typeof other === 'string' ? shown(value) === shown(other) : value === other
