// Checks of wildcards: the traps of escaping them, and those that say nothing.
import { ANY, ONE, parsePattern } from '../modifiers/sigma-string.ts'
import type { Path } from '../parse/rule-document.ts'
import type { DetectionItem, RuleValue } from '../rule.ts'
import { lookUp, replacing, type Subject, valuePath } from './subject.ts'

export function checkWildcards(subject: Subject, item: DetectionItem, path: Path): void {
  item.values.forEach((value, at) => {
    if (typeof value !== 'string') return
    const where = valuePath(path, item, subject.raw, at)
    if (!item.modifiers.includes('expand')) checkEscaped(subject, item, value, where)
    checkDoubled(subject, value, where)
    checkRedundant(subject, item, value, where)
  })
  checkInstead(subject, item, path)
}

/** Fields that are paths: a backslash in their values stands between folders. */
const PATH_FIELD = /(?:Image|ImageLoaded|Filename|FileName|Path|Directory|TargetObject|PipeName|ProcessName|Folder)$/

/** `\*` where a folder's backslash and then a wildcard were meant. An author who writes backslashes in threes, or a `*` that begins a word, knows what is escaped. */
function checkEscaped(subject: Subject, { field = '' }: DetectionItem, value: string, path: Path): void {
  const trap = /(?<=[\w%)}:])\\([*?])/.exec(value)
  if (!trap) return
  const others = value.slice(0, trap.index) + value.slice(trap.index + 2)
  const isPath = PATH_FIELD.test(field) || /(?:^|[^\\])\\[A-Za-z0-9_%$]/.test(others)
  if (isPath)
    subject.report(
      'wildcard-escaped',
      path,
      `"\\${trap[1]}" is a plain ${trap[1]}; a backslash and then a wildcard is "\\\\${trap[1]}"`,
    )
}

function checkDoubled(subject: Subject, value: string, path: Path): void {
  if (!value.includes('**') || value.includes('\\*')) return
  subject.report(
    'wildcard-double',
    path,
    '"**" is what "*" is',
    replacing(subject, path, 'value', 'write one "*"', (written) => written.replace(/\*{2,}/g, '*')),
  )
}

/** `contains: '*text*'`. */
function checkRedundant(subject: Subject, item: DetectionItem, value: string, path: Path): void {
  const [modifier, ...more] = item.modifiers
  if (more.length || item.field === undefined) return
  const isAtStart = modifier === 'contains' || modifier === 'endswith'
  const isAtEnd = modifier === 'contains' || modifier === 'startswith'
  const pattern = parsePattern(value)
  if (!pattern.some((part) => typeof part === 'string')) return
  const [starts, ends] = [isAtStart && pattern[0] === ANY, isAtEnd && pattern.at(-1) === ANY]
  if (!starts && !ends) return
  const fix = replacing(subject, path, 'value', 'leave the wildcards at the ends out', (written) => {
    // Only where quotes say where the value begins and ends, and no backslash stands before the last wildcard.
    const inner = /^'(\**)([^'*][^']*?)(\**)'$/.exec(written)
    if (!inner || inner[2].endsWith('\\')) return undefined
    return `'${starts ? '' : inner[1]}${inner[2]}${ends ? '' : inner[3]}'`
  })
  subject.report(
    'wildcard-redundant',
    path,
    `${modifier} looks there already: the wildcards at the ends say nothing`,
    fix,
  )
}

/** `*text*` says what `contains` says. Only a single value can be changed for the modifier. */
function checkInstead(subject: Subject, item: DetectionItem, path: Path): void {
  if (item.field === undefined || item.modifiers.length) return
  const shapes = item.values.map(shapeOf)
  const modifier = shapes[0]
  if (!modifier || shapes.some((one) => one !== modifier)) return
  const fix =
    item.values.length === 1 && !Array.isArray(lookUp(subject.raw, path))
      ? modifierFix(subject, item, path, modifier)
      : undefined
  subject.report('wildcard-modifier', path, `wildcards at the ends: ${item.field}|${modifier} says the same`, fix)
}

type Ends = 'contains' | 'startswith' | 'endswith'

/** Which modifier says what a value's wildcards at its ends say; undefined when there are others within, or none. */
function shapeOf(value: RuleValue): Ends | undefined {
  if (typeof value !== 'string') return undefined
  const pattern = parsePattern(value)
  if (pattern.includes(ONE) || pattern.filter((part) => typeof part === 'string').length !== 1) return undefined
  const [starts, ends] = [pattern[0] === ANY, pattern.at(-1) === ANY]
  return starts && ends ? 'contains' : starts ? 'endswith' : ends ? 'startswith' : undefined
}

/** The whole entry anew: only where key and value stand on one line and the value has no quotes or escapes that would have to change. */
function modifierFix(subject: Subject, item: DetectionItem, path: Path, modifier: Ends) {
  const key = subject.span(path, 'key')
  const value = subject.span(path, 'value')
  if (!key || !value) return undefined
  const [before, written] = [subject.text.slice(key.start, value.start), subject.text.slice(value.start, value.end)]
  const inner = /^'\*?([^'*\\]+)\*?'$/.exec(written)
  if (!inner || !/^[\w.-]+\s*:\s*$/.test(before)) return undefined
  // A key that is there already may not stand there twice.
  const renamed = `${item.field}|${modifier}`
  const siblings = lookUp(subject.raw, path.slice(0, -1))
  if (typeof siblings === 'object' && siblings !== null && renamed in siblings) return undefined
  return {
    title: `use ${modifier}`,
    start: key.start,
    end: value.end,
    text: `${before.replace(item.field!, renamed)}'${inner[1]}'`,
  }
}
