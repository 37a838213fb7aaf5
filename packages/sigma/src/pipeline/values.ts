// Changes of a detection item's values. pySigma makes them after the modifiers: `contains: abc` is *abc* by then. So these modifiers are written as wildcards first, and
// modifiers that encode (base64, windash) are left to work on what the change makes.
import { MAKES_NO_TEXT } from '../modifiers/comparing-modifiers.ts'
import { ANY, parsePattern } from '../modifiers/sigma-string.ts'
import type { DetectionItem, RuleValue } from '../rule.ts'
import { pythonRegex } from './conditions.ts'
import { PipelineError, type PipelineItem } from './pipeline.ts'

/** One value becomes none, one or several; undefined: it stays. */
export type ValueChange = (value: RuleValue) => RuleValue | readonly RuleValue[] | undefined

/** The item with its values changed; the same item when nothing changes. */
export function withValues(item: DetectionItem, change: ValueChange): DetectionItem {
  if (item.modifiers.some((one) => MAKES_NO_TEXT.includes(one))) return item
  const plain = asWildcards(item)
  let changed = false
  const values = plain.values.flatMap((value) => {
    const result = change(value)
    if (result === undefined) return [value]
    changed = true
    return result as RuleValue | RuleValue[]
  })
  return changed ? { ...plain, values } : item
}

const ENDS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  contains: [true, true],
  startswith: [false, true],
  endswith: [true, false],
}

/** `contains: abc` → `*abc*`, where no other modifier stands before or behind. */
function asWildcards(item: DetectionItem): DetectionItem {
  const ends = item.modifiers.find((one) => ENDS[one])
  const rest = item.modifiers.filter((one) => !ENDS[one])
  if (
    ends === undefined ||
    item.modifiers.length - rest.length > 1 ||
    rest.some((one) => one !== 'cased' && one !== 'neq')
  )
    return item
  const [before, behind] = ENDS[ends]
  const values = item.values.map((value) => {
    if (value === null) return value
    const text = String(value)
    const pattern = parsePattern(text)
    // A backslash at the end would take the wildcard's meaning away.
    const end = /(?<!\\)(?:\\\\)*\\$/.test(text) ? `${text}\\` : text
    return `${before && pattern[0] !== ANY ? '*' : ''}${behind && pattern.at(-1) !== ANY ? `${end}*` : text}`
  })
  return { ...item, modifiers: rest, values }
}

/** Text as pySigma shows it: backslashes that escape nothing but each other are single. */
const shown = (text: string): string =>
  parsePattern(text)
    .map((part) => (typeof part === 'string' ? part.replace(/[*?]/g, '\\$&') : part === ANY ? '*' : '?'))
    .join('')

/** And back: every backslash that is not before a wildcard is one. */
const written = (text: string): string => text.replace(/\\(?![*?])/g, '\\\\')

export function replaceString({ parameters, location }: PipelineItem): ValueChange {
  const { regex, replacement, skip_special: skip = false, interpret_special: interpret = false } = parameters
  if (typeof regex !== 'string' || typeof replacement !== 'string')
    throw new PipelineError('structure', 'replace_string needs regex and replacement', location)
  const pattern = pythonRegex(regex, location, '', 'g')
  const into = replacement
    .replaceAll('$', '$$$$')
    .replace(/\\g<(\w+)>/g, (_, name: string) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`))
    .replace(/\\(\d)/g, '$$$1')
    .replaceAll('\\\\', '\\')
  return (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined
    const text = String(value)
    if (skip !== true) {
      const before = shown(text)
      const after = before.replace(pattern, into)
      return after === before ? undefined : written(after)
    }
    const parts = parsePattern(text).map((part) => {
      if (typeof part !== 'string') return part === ANY ? '*' : '?'
      const after = part.replace(pattern, into)
      return interpret === true ? written(after) : after.replace(/[\\*?]/g, '\\$&')
    })
    const after = parts.join('')
    return after === text ? undefined : after
  }
}

export function mapString({ parameters, location }: PipelineItem): ValueChange {
  const { mapping } = parameters
  if (typeof mapping !== 'object' || mapping === null)
    throw new PipelineError('structure', 'map_string needs a mapping', location)
  const map = new Map(Object.entries(mapping as Record<string, RuleValue | RuleValue[]>))
  return (value) => (typeof value === 'string' ? map.get(shown(value)) : undefined)
}

export function setValue({ parameters, location }: PipelineItem): ValueChange {
  const { value, force_type: type } = parameters
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  if (!isPlain)
    throw new PipelineError('structure', 'set_value: text, a number, true, false or null was expected', location)
  const fixed: RuleValue = type === 'str' ? String(value) : type === 'num' ? Number(value) : (value as RuleValue)
  return () => fixed
}

export function convertType({ parameters, location }: PipelineItem): ValueChange {
  const { target_type: type } = parameters
  if (type === 'str') return (value) => (typeof value === 'number' ? String(value) : undefined)
  if (type !== 'num') throw new PipelineError('structure', 'convert_type: target_type is str or num', location)
  return (value) => {
    if (typeof value !== 'string') return undefined
    const number = Number(value)
    if (value.trim() === '' || Number.isNaN(number))
      throw new PipelineError('failure', `"${value}" is no number`, location)
    return number
  }
}

export function changeCase({ parameters, location }: PipelineItem): ValueChange {
  const { method = 'lower' } = parameters
  const change =
    method === 'lower'
      ? (text: string) => text.toLowerCase()
      : method === 'upper'
        ? (text: string) => text.toUpperCase()
        : method === 'snake_case'
          ? (text: string) => text.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()
          : undefined
  if (!change) throw new PipelineError('structure', 'case: method is lower, upper or snake_case', location)
  return (value) => (typeof value === 'string' ? change(value) : undefined)
}

/** Placeholders of values with the modifier expand: `%name%` becomes what `replacements` says; undefined leaves it. */
export function withPlaceholders(
  item: DetectionItem,
  replacements: (name: string) => readonly string[] | undefined,
): DetectionItem {
  if (!item.modifiers.includes('expand')) return item
  let left = false
  let changed = false
  const values = item.values.flatMap((value): RuleValue[] => {
    if (typeof value !== 'string') return [value]
    let texts = ['']
    for (const part of value.split(/(\\%|%[^%\s]+%)/)) {
      const name = /^%([^%\s]+)%$/.exec(part)?.[1]
      const into = name === undefined ? [part] : replacements(name)
      if (name !== undefined) into ? (changed = true) : (left = true)
      texts = texts.flatMap((text) => (into ?? [part]).map((one) => text + one))
    }
    return texts
  })
  if (!changed) return item
  // Without expand a percent sign needs no backslash.
  return left
    ? { ...item, values }
    : {
        ...item,
        modifiers: item.modifiers.filter((one) => one !== 'expand'),
        values: values.map((value) => (typeof value === 'string' ? value.replaceAll('\\%', '%') : value)),
      }
}

/** Text with wildcards as a regular expression over the whole value. */
export function asRegex(value: string): string {
  const body = parsePattern(value)
    .map((part) => (typeof part === 'string' ? part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : part === ANY ? '.*' : '.'))
    .join('')
  return `^${body}$`
}
