// value_placeholders, wildcard_placeholders: `%name%` in values with the modifier expand.
import { parsePattern } from '../modifiers/sigma-string.ts'
import type { DetectionItem, RuleValue } from '../rule.ts'
import type { PipelineItem } from './pipeline.ts'
import { regexBody, written } from './text.ts'

/** Whether the transformation is for the placeholder. */
export function isHandled({ parameters }: PipelineItem, name: string): boolean {
  const { include, exclude } = parameters
  if (Array.isArray(include)) return include.includes(name)
  return !(Array.isArray(exclude) && exclude.includes(name))
}

/** Pieces of text, or of a regular expression, and the names of placeholders; as `expand` reads them. */
const PIECES = /\\[\\*?]|\\%|%([^%]+)%|[^\\%]+|[\\%]/gs
const PIECES_OF_REGEX = /\\.|%([^%]+)%|[^\\%]+|[\\%]/gs

/** `replacements`: what a placeholder becomes; undefined leaves it. */
export function withPlaceholders(
  item: DetectionItem,
  replacements: (name: string) => readonly string[] | undefined,
): DetectionItem {
  if (!item.modifiers.includes('expand')) return item
  const isRegex = item.modifiers.includes('re')
  const made = (text: string) => (isRegex ? regexBody(text) : written(parsePattern(text))).replaceAll('%', '\\%')
  let isLeft = false
  let isChanged = false
  const values = item.values.flatMap((value): RuleValue[] => {
    if (typeof value !== 'string') return [value]
    let texts = ['']
    for (const [piece, name] of value.matchAll(isRegex ? PIECES_OF_REGEX : PIECES)) {
      const into = name === undefined ? undefined : replacements(name)
      if (name !== undefined) into ? (isChanged = true) : (isLeft = true)
      texts = texts.flatMap((text) => (into?.map(made) ?? [piece]).map((one) => text + one))
    }
    return texts
  })
  if (!isChanged) return item
  if (isLeft) return { ...item, values }
  // Without expand a percent sign needs no backslash.
  const unescaped = (value: RuleValue) =>
    typeof value === 'string' ? value.replace(/\\([\\%])/g, (all, one) => (one === '%' ? '%' : all)) : value
  return { ...item, modifiers: item.modifiers.filter((one) => one !== 'expand'), values: values.map(unescaped) }
}
