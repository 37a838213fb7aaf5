// Random rules and events, made to meet: values of both come from one small vocabulary of awkward texts.
import { type EventShape, type EventView, type FieldValue, ValueKind } from '../src/event.ts'
import type { Condition, Detection, DetectionItem, DetectionRule, RuleValue } from '../src/rule.ts'

/** A small generator with a seed (mulberry32), so that a failure can be made again. */
export function random(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)], chance: (p: number) => next() < p }
}
export type Random = ReturnType<typeof random>

const WORDS = [
  'cmd',
  'CMD.exe',
  'powershell',
  '\\Windows\\',
  'C:',
  '-enc',
  '/c',
  ' ',
  'a',
  'ab',
  'abc',
  'abcd',
  'http://',
  '"',
  "'",
  '\u212a',
  'k',
  'K',
  'İ',
  'ß',
  'ſ',
  's',
  'É',
  'é',
  '😀',
  '–c',
  '*',
  '?',
  '\\',
  '\n',
  '\t',
  '0',
  '42',
  '0x1f',
  'true',
  '',
  'downloadstring',
  'DownloadString',
  'mimikatz',
  'zzzzzzzzzzzz',
  '\u0000',
  '{',
  'ÿ',
  '\u00ad',
] // prettier-ignore
const FIELDS = ['Image', 'CommandLine', 'User', 'Count', 'Data', 'a.b']
const MODIFIERS: readonly (readonly string[])[] = [
  [],
  [],
  ['contains'],
  ['contains'],
  ['startswith'],
  ['endswith'],
  ['cased'],
  ['contains', 'cased'],
  ['windash', 'contains'],
  ['exists'],
  ['lt'],
  ['gte'],
  ['re'],
  ['re', 'i'],
  ['neq'],
  ['contains', 'neq'],
  ['windash'],
  ['startswith', 'cased'],
  ['cidr'],
  ['base64offset', 'contains'],
  ['fieldref'],
  ['fieldref', 'startswith'],
  ['contains', 'fieldref'],
  ['fieldref', 'neq'],
] // prettier-ignore
/** of keywords */
const ANYWHERE: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['contains'],
  ['startswith'],
  ['endswith'],
  ['cased'],
  ['endswith', 'cased'],
  ['windash'],
  ['re'],
  ['re', 'i'],
  ['cidr'],
  ['neq'],
  ['startswith', 'neq'],
] // prettier-ignore
const NETWORKS = ['10.0.0.0/8', '10.128.0.0/9', '192.168.1.7', 'fe80::/10', '::1/128', '0.0.0.0/0']
const ADDRESSES = ['10.1.2.3', '10.200.0.1', '192.168.1.7', 'fe80::1', 'FEBF::a', '::1', '10.1.2', '300.1.1.1']
const REGEXES = [
  'cmd',
  '^C:',
  '[a-z]+x',
  'a.c',
  '(foo|power)shell',
  'exe$',
  '\\d{2,}',
  'enc\\b',
  '\\s',
  '^$',
  'down.*ing',
  '[^a]b',
  'K',
  'x*',
] // prettier-ignore

const ENCODED = ['cmd', 'xcmd.', '--é', '-mimikatz-'].map((one) => Buffer.from(one).toString('base64'))

export const text = (r: Random): string => Array.from({ length: r.below(5) }, () => r.pick(WORDS)).join('')

function value(r: Random, modifiers: readonly string[]): RuleValue {
  if (modifiers.includes('exists')) return r.chance(0.5)
  if (modifiers.includes('lt') || modifiers.includes('gte')) return r.pick([0, 42, 31, -1, 3.5])
  if (modifiers.includes('re')) return r.pick(REGEXES)
  if (modifiers.includes('cidr')) return r.pick(NETWORKS)
  if (modifiers.includes('fieldref')) return r.pick(FIELDS)
  if (modifiers.includes('base64offset')) return r.pick(['cmd', 'é', 'mimikatz'])
  if (modifiers.length === 0 && r.chance(0.15)) return r.pick([null, 42, true, 0])
  return text(r)
}

function item(r: Random): DetectionItem {
  const keyword = r.chance(0.15)
  const modifiers = r.pick(keyword ? ANYWHERE : MODIFIERS)
  const values = Array.from({ length: 1 + r.below(4) }, () => value(r, modifiers) || (keyword ? 'cmd' : ''))
  return { field: keyword ? undefined : r.pick(FIELDS), modifiers, values, all: r.chance(0.2) }
}

function detection(r: Random, depth: number): Detection {
  if (depth > 2 || r.chance(0.5)) return { kind: 'item', item: item(r) }
  return {
    kind: r.pick(['and', 'or'] as const),
    parts: Array.from({ length: 1 + r.below(3) }, () => detection(r, depth + 1)),
  }
}

function condition(r: Random, names: readonly string[], depth: number): Condition {
  const kind = depth > 3 ? 'identifier' : r.pick(['identifier', 'identifier', 'and', 'or', 'not', 'of'] as const)
  if (kind === 'identifier') return { kind, name: r.pick(names) }
  if (kind === 'not') return { kind, part: condition(r, names, depth + 1) }
  if (kind === 'of')
    return {
      kind,
      quantifier: r.pick(['all', 'any', 1, 2] as const),
      pattern: r.pick(['them', 's*', '*', '_*', names[0]]),
    }
  return { kind, parts: Array.from({ length: 2 + r.below(2) }, () => condition(r, names, depth + 1)) }
}

const NOWHERE = { file: 'random', line: 1, column: 1 }

export function rule(r: Random, id: string): DetectionRule {
  const names = ['s1', 's2', 'other', '_hidden'].slice(0, 1 + r.below(4))
  return ruleOf(
    id,
    new Map(names.map((name) => [name, detection(r, 0)])),
    Array.from({ length: r.chance(0.1) ? 2 : 1 }, () => condition(r, names, 0)),
  )
}

export function ruleOf(
  id: string,
  detections: ReadonlyMap<string, Detection>,
  conditions: readonly Condition[],
): DetectionRule {
  return {
    kind: 'rule',
    title: id,
    id,
    references: [],
    tags: [],
    falsepositives: [],
    fields: [],
    related: [],
    source: NOWHERE,
    custom: {},
    logSource: { product: 'test' },
    detections,
    conditions,
  }
}

export function event(r: Random): Record<string, FieldValue> {
  const made: Record<string, FieldValue> = {}
  for (const field of FIELDS) {
    if (r.chance(0.25)) continue
    made[field] = r.chance(0.1)
      ? r.pick([null, 42, 0, true, 3.5])
      : r.chance(0.08)
        ? [text(r), text(r)]
        : r.chance(0.08)
          ? r.pick([...ADDRESSES, ...ENCODED])
          : text(r)
  }
  return made
}

/** The same event with its texts as bytes: UTF-8, the inside of a JSON string, or UTF-16. */
export function asBytes(
  made: Record<string, FieldValue>,
  form: 'utf8' | 'json' | 'utf16',
  shapeOf: (fields: string[]) => EventShape,
  jsonOf: (text: string) => string = (text) => JSON.stringify(text).slice(1, -1),
): EventView {
  const fields = Object.keys(made)
  const kinds = new Uint8Array(fields.length)
  const starts = new Int32Array(fields.length)
  const ends = new Int32Array(fields.length)
  const parts: Buffer[] = []
  let at = 0
  fields.forEach((field, slot) => {
    const one = made[field]
    if (typeof one !== 'string') {
      kinds[slot] = one === null ? ValueKind.Null : typeof one === 'object' ? ValueKind.Other : ValueKind.Plain
      return
    }
    const inside = jsonOf(one)
    const escaped = form === 'json' && inside.includes('\\')
    const bytes = form === 'utf16' ? Buffer.from(one, 'utf16le') : Buffer.from(escaped ? inside : one, 'utf8')
    kinds[slot] = form === 'utf16' ? ValueKind.Utf16 : escaped ? ValueKind.JsonEscaped : ValueKind.Utf8
    starts[slot] = at
    at += bytes.length
    ends[slot] = at
    parts.push(bytes)
  })
  return {
    shape: shapeOf(fields),
    bytes: Buffer.concat(parts),
    kinds,
    starts,
    ends,
    value: (slot) => made[fields[slot]],
  }
}
