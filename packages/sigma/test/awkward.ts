// Random rules and events of awkward texts: letters whose case is not one to one, characters beyond 16 bits, halves of pairs, controls, escapes of rules and of JSON in each other's way,
// wildcards and backslashes at every place, values too long to be kept, values that come again. Rules are cut out of the texts that events are made of, so that they nearly match.
import type { FieldValue } from '../src/event.ts'
import type { Condition, Detection, DetectionItem, DetectionRule, RuleValue } from '../src/rule.ts'
import { type Random, ruleOf } from './random-rules.ts'

const LETTERS = [...'abAkKsSiIıİßẞﬁςσΣéÉeÅÅ\u212b\u212aΩ\u2126ǅǆǄЯяⅧⅷᎠꭰաԱა𐐀𐐨😀𞤀𞤢ÿſ']
const TEXTS = [...'\\*?"/-–—.%{}\n\t\r\u0001\u001f\u007f\u0085\u00a0\u2028\ufeff\u0301'].concat(
  [
    'cmd',
    'CMD',
    'foo',
    'fi',
    'ſt',
    '\\\\',
    '\\\\pipe',
    'pipe',
    '\\n',
    '\\u0041',
    'u0041',
    'x\\nx',
    '\\*',
    '\\?',
    'a"b',
    '"k',
    '\\k',
  ],
  [
    '/c',
    '-enc ',
    '-e ',
    ' -a',
    'zz9',
    'zzz\\1',
    '0',
    '1',
    '1.0',
    '1e0',
    '0x1f',
    '-0',
    '12345678901234567890',
    'true',
    'null',
  ],
  ['powershell', 'PowerShell.EXE', 'C:\\Windows\\System32\\', 'HKLM\\', 'http://', 'abcd', 'ABCDE', 'mimikatz::'],
) // prettier-ignore
const HALVES = ['\ud800', '\udc00', '\udbff', '\ufffd']
const ATOMS = [...LETTERS, ...TEXTS]
export const AWKWARD_FIELDS = ['Image', 'CommandLine', 'Who', 'Data1', 'Data2', 'Flag']
const MODIFIERS: readonly (readonly string[])[] = [
  [],
  [],
  ['contains'],
  ['contains'],
  ['startswith'],
  ['endswith'],
  ['cased'],
  ['contains', 'cased'],
  ['startswith', 'cased'],
  ['endswith', 'cased'],
  ['windash'],
  ['windash', 'contains'],
  ['re'],
  ['re'],
  ['re', 'i'],
  ['exists'],
  ['neq'],
  ['contains', 'neq'],
  ['lt'],
  ['gte'],
  ['fieldref'],
  ['fieldref', 'contains'],
  ['fieldref', 'endswith', 'cased'],
]
/** Each means the same to JavaScript, by 16-bit units, as to PCRE. */
const REGEXES = [
  '(\\n|\\t)',
  '(\\r|\\n|\\x00)',
  '(\\n|\\x01)',
  '\\\\\\\\pipe',
  'a"b',
  'x\\\\nx',
  '\\\\u0041',
  '("|\\\\)k',
  '0x[0-9a-f]+$',
].concat([
  '',
  '\\x01',
  '\\t\\n',
  '(foo|b\\\\r|/c)',
  'é',
  'zz+\\\\?\\d',
  '-e(nc|c)? ',
  '^a?[km]',
  '\\\\\\\\?[*?]',
  'm(i|I){1,2}k',
]) // prettier-ignore

const repeated = (r: Random, most: number, of: () => string) => Array.from({ length: 1 + r.below(most) }, of).join('')

function poolOf(r: Random): string[] {
  return Array.from({ length: 40 }, () => {
    let text = repeated(r, 6, () => r.pick(ATOMS))
    if (r.chance(0.06)) text = r.pick(['x', 'é', 'zz', '\\']).repeat(250 + r.below(500)) + text
    return r.chance(0.05) ? text + r.pick(HALVES) : text
  })
}

/** Some letters in the other case, where that is one letter. */
const flipped = (r: Random, text: string): string =>
  [...text]
    .map((letter) => {
      const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
      return r.chance(0.3) && other.length === letter.length ? other : letter
    })
    .join('')

function eventText(r: Random, pool: readonly string[]): string {
  let text = r.pick(pool)
  if (r.chance(0.4)) text += r.pick(pool)
  if (r.chance(0.2)) text += r.pick(ATOMS)
  if (r.chance(0.2)) text = r.pick(ATOMS) + text
  return r.chance(0.3) ? flipped(r, text) : text
}

const NUMBERS = [0, 1, 42, 31, -1, 3.5, 1e21, true, false, 4_294_967_295]

/** A text as a rule writes it, one backslash or two where both mean one. */
const escaped = (r: Random, text: string): string =>
  text.replace(/\\(?=[*?\\]|$)|[*?]/g, '\\$&').replace(/\\(?![*?\\])/g, (one) => (r.chance(0.3) ? '\\\\' : one))

function ruleText(r: Random, pool: readonly string[]): string {
  const letters = [...r.pick(pool), ...(r.chance(0.25) ? r.pick(pool) : '')]
  const from = r.below(letters.length)
  const part = r.chance(0.3)
    ? letters
    : r.chance(0.4)
      ? letters.slice(from)
      : letters.slice(from, from + 1 + r.below(12))
  const text = r.chance(0.5) ? flipped(r, part.join('')) : part.join('')
  const written = [...(r.chance(0.85) ? escaped(r, text) : text)]
  if (r.chance(0.25))
    written.splice(r.below(written.length + 1), r.below(3), r.pick(['*', '?', '**', '??', '*?', '\\*', '\\', '\\\\*']))
  if (r.chance(0.15)) written.push(r.pick(['*', '?', '\\*', '\\\\*', '\\', '\\\\', '\\\\\\*']))
  if (r.chance(0.15)) written.unshift(r.pick(['*', '?', '\\*', '\\\\*', '\\']))
  return written.join('').toWellFormed()
}

function value(r: Random, modifiers: readonly string[], pool: readonly string[]): RuleValue {
  if (modifiers.includes('exists')) return r.chance(0.5)
  if (modifiers.includes('lt') || modifiers.includes('gte')) return r.pick([0, 1, 42, 31, -1, 3.5, 1e19])
  if (modifiers.includes('re')) return r.pick(REGEXES)
  if (modifiers.includes('fieldref')) return r.pick(AWKWARD_FIELDS)
  if (modifiers.length === 0 && r.chance(0.12)) return r.pick([null, 0, 1, true, 3.5, '', '*', '?', '??'])
  const text = ruleText(r, pool)
  // Five forms for each dash that is replaced.
  return modifiers.includes('windash') && (text.match(/[-/–—]/g) ?? []).length > 3 ? '-a' : text
}

/** `keywords`: whether there may be any; they look at whatever else an event has. */
function item(r: Random, pool: readonly string[], keywords: boolean): DetectionItem {
  const isKeyword = keywords && r.chance(0.08)
  const modifiers = isKeyword ? [] : r.pick(MODIFIERS)
  const values = Array.from({ length: 1 + r.below(4) }, () =>
    isKeyword ? ruleText(r, pool) || 'cmd' : value(r, modifiers, pool),
  )
  return { field: isKeyword ? undefined : r.pick(AWKWARD_FIELDS), modifiers, values, all: r.chance(0.15) }
}

function detection(r: Random, pool: readonly string[], keywords: boolean, depth = 0): Detection {
  if (depth > 1 || r.chance(0.6)) return { kind: 'item', item: item(r, pool, keywords) }
  const parts = Array.from({ length: 2 + r.below(2) }, () => detection(r, pool, keywords, depth + 1))
  return { kind: r.pick(['and', 'or'] as const), parts }
}

function condition(r: Random, names: readonly string[]): Condition {
  const [one, other] = [0, 0].map((): Condition => ({ kind: 'identifier', name: r.pick(names) }))
  const kind = r.pick(['identifier', 'and', 'or', 'not'] as const)
  if (kind === 'identifier') return one
  return kind === 'not' ? { kind, part: one } : { kind, parts: [one, { kind: 'not', part: other }] }
}

/** What rules and events of one round are made by: they share their texts. */
export function awkward(r: Random, keywords = true) {
  const pool = poolOf(r)
  /** values that come again and again: what is known of them is kept */
  const again = Array.from({ length: 12 }, () => eventText(r, pool))
  const one = (): FieldValue =>
    r.chance(0.4) ? r.pick(again) : r.chance(0.07) ? r.pick(NUMBERS) : r.chance(0.03) ? null : eventText(r, pool)
  return {
    rule(id: string): DetectionRule {
      const names = ['s1', 's2'].slice(0, 1 + r.below(2))
      return ruleOf(id, new Map(names.map((name) => [name, detection(r, pool, keywords)])), [condition(r, names)])
    },
    event(): Record<string, FieldValue> {
      const fields = AWKWARD_FIELDS.filter(() => r.chance(0.75))
      return Object.fromEntries(fields.map((field) => [field, r.chance(0.05) ? [one(), one()] : one()]))
    },
  }
}

const SHORT: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
} // prettier-ignore

/** The inside of a JSON string, in any of the ways that JSON has; `often`: how often a character that needs no escape has one. */
export function anyJson(r: Random, text: string, often: number): string {
  let inside = ''
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const isPair =
      unit >= 0xd800 && unit < 0xdc00 && text.charCodeAt(at + 1) >= 0xdc00 && text.charCodeAt(at + 1) < 0xe000
    if (r.chance(often) || (unit >= 0xd800 && unit < 0xe000 && !isPair)) {
      const hex = unit.toString(16).padStart(4, '0')
      inside += `\\u${r.chance(0.5) ? hex.toUpperCase() : hex}${isPair ? `\\u${text.charCodeAt(++at).toString(16)}` : ''}`
    } else if (isPair) inside += text[at] + text[++at]
    else if (unit < 32 || text[at] === '"' || text[at] === '\\')
      inside += SHORT[text[at]] ?? `\\u${unit.toString(16).padStart(4, '0')}`
    else inside += text[at] === '/' && r.chance(often * 2) ? '\\/' : text[at]
  }
  return inside
}

/** Half a surrogate pair is U+FFFD to the engine. */
export const wellFormed = (value: FieldValue): FieldValue =>
  typeof value === 'string' ? value.toWellFormed() : Array.isArray(value) ? value.map(wellFormed) : value
