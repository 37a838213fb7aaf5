// A deliberately simple matcher: the specification read aloud, one value at a time, no tables, no plans. It shares nothing with the engine but the AST, so that
// neither can hide the other's mistakes.
import { isIPv4, isIPv6 } from 'node:net'
import type { Condition, Detection, DetectionItem, DetectionRule, RuleValue } from '../src/rule.ts'

type Event = Record<string, unknown>

/** Whether an event (flat names) matches a rule; log sources are not looked at. */
export function matchesReference(rule: DetectionRule, event: Event): boolean {
  return rule.conditions.some((condition) => holds(condition, rule, event))
}

function holds(condition: Condition, rule: DetectionRule, event: Event): boolean {
  switch (condition.kind) {
    case 'identifier':
      return found(rule.detections.get(condition.name)!, event)
    case 'and':
      return condition.parts.every((part) => holds(part, rule, event))
    case 'or':
      return condition.parts.some((part) => holds(part, rule, event))
    case 'not':
      return !holds(condition.part, rule, event)
    case 'of': {
      const names = [...rule.detections.keys()].filter(
        (name) =>
          (condition.pattern.startsWith('_') || !name.startsWith('_')) &&
          (condition.pattern === 'them' || glob(condition.pattern, name)),
      )
      const count = names.filter((name) => found(rule.detections.get(name)!, event)).length
      return condition.quantifier === 'all'
        ? count === names.length
        : count >= (condition.quantifier === 'any' ? 1 : condition.quantifier)
    }
  }
}

const glob = (pattern: string, name: string) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^$()[\]{}|\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(name)

function found(detection: Detection, event: Event): boolean {
  if (detection.kind === 'item') return itemHolds(detection.item, event)
  return detection.kind === 'and'
    ? detection.parts.every((part) => found(part, event))
    : detection.parts.some((part) => found(part, event))
}

function itemHolds(item: DetectionItem, event: Event): boolean {
  const modifiers = item.modifiers.filter((one) => one !== 'neq')
  const each = item.values.map((value) => valueHolds(value, modifiers, item.field, event))
  const result = item.all ? each.every(Boolean) : each.some(Boolean)
  return item.modifiers.includes('neq') ? !result : result
}

function valueHolds(value: RuleValue, modifiers: readonly string[], field: string | undefined, event: Event): boolean {
  const actual = field === undefined ? undefined : event[field]
  if (modifiers.includes('exists')) return (actual !== undefined) === (value === true)
  if (field === undefined) {
    const isAnchored = modifiers.includes('startswith') || modifiers.includes('endswith')
    const asked = isAnchored ? modifiers : ['contains', ...modifiers]
    return allTexts(Object.values(event)).some((text) => textHolds(value, asked, text))
  }
  if (modifiers.includes('fieldref')) {
    const others = allTexts([event[String(value)]])
    return allTexts([actual]).some((text) => others.some((other) => sameText(text, other, modifiers)))
  }
  if (value === null && modifiers.length === 0) return actual === undefined || actual === null
  return allTexts([actual]).some((text) => textHolds(value, modifiers, text))
}

function sameText(text: string, other: string, modifiers: readonly string[]): boolean {
  const [left, right] = modifiers.includes('cased') ? [text, other] : [lower(text), lower(other)]
  if (modifiers.includes('contains')) return left.includes(right)
  if (modifiers.includes('startswith')) return left.startsWith(right)
  return modifiers.includes('endswith') ? left.endsWith(right) : left === right
}

function allTexts(values: readonly unknown[]): string[] {
  return values.flatMap((value) =>
    value === undefined || value === null
      ? []
      : typeof value === 'object'
        ? allTexts(Object.values(value))
        : [String(value)],
  )
}

/** Sigma's patterns are PCRE: without `m`, `$` also stands before a newline that ends the text. */
const asPcre = (source: string, modifiers: readonly string[]) =>
  modifiers.includes('m') ? source : source.replace(/(?<!\\)\$/g, '(?=\\n?(?![\\s\\S]))')

/** Letters of ASCII without case; others by their lower-case letter unless that leaves the length or enters ASCII. */
function lower(text: string): string {
  return [...text]
    .map((c) => {
      const small = c.toLowerCase()
      if (small.length !== c.length) return c
      return c.charCodeAt(0) > 127 && small.charCodeAt(0) < 128 ? c : small
    })
    .join('')
}

function textHolds(value: RuleValue, modifiers: readonly string[], actual: string): boolean {
  const comparison = modifiers.find((one) => ['lt', 'lte', 'gt', 'gte'].includes(one))
  if (comparison) {
    if (actual.trim() === '' || Number.isNaN(Number(actual))) return false
    const [left, right] = [Number(actual), Number(value)]
    return comparison === 'lt'
      ? left < right
      : comparison === 'lte'
        ? left <= right
        : comparison === 'gt'
          ? left > right
          : left >= right
  }
  if (modifiers.includes('cidr')) return networkHolds(String(value), actual)
  if (modifiers.includes('re'))
    return new RegExp(asPcre(String(value), modifiers), modifiers.filter((one) => 'ims'.includes(one)).join('')).test(
      actual,
    )
  const cased = modifiers.includes('cased')
  let forms = [typeof value === 'string' ? tokens(value) : [...String(value)]]
  if (modifiers.includes('windash')) forms = dashed(String(value)).map(tokens)
  if (modifiers.includes('base64offset')) forms = [0, 1, 2].map((offset) => [...encodedBehind(offset, String(value))])
  return forms.some((form) => {
    let pattern: (string | symbol)[] = form
    if (modifiers.includes('contains') || modifiers.includes('endswith')) pattern = [MANY, ...pattern]
    if (modifiers.includes('contains') || modifiers.includes('startswith')) pattern = [...pattern, MANY]
    return walk(pattern, cased ? actual : lower(actual), cased)
  })
}

/** The network's first bits, and the same of the address, as digits. */
function networkHolds(network: string, actual: string): boolean {
  const [start, length] = network.split('/')
  const [left, right] = [bitsOf(start), bitsOf(actual.trim())]
  if (left === '' || left.length !== right.length) return false
  const count = length === undefined ? left.length : Number(length)
  return left.slice(0, count) === right.slice(0, count)
}

/** `10.0.0.1` and `fe80::1` as zeros and ones; '' for what is none. (No addresses with both notations.) */
function bitsOf(address: string): string {
  if (isIPv4(address))
    return address
      .split('.')
      .map((one) => Number(one).toString(2).padStart(8, '0'))
      .join('')
  if (!isIPv6(address)) return ''
  const [before, behind] = address.split('::').map((half) => (half ? half.split(':') : []))
  const groups = behind ? [...before, ...Array(8 - before.length - behind.length).fill('0'), ...behind] : before
  return groups.map((one) => Number.parseInt(one, 16).toString(2).padStart(16, '0')).join('')
}

/** A text in Base64 behind so many bytes, without the letters that these bytes and those behind it have a part in: each letter stands for six bits. */
function encodedBehind(offset: number, text: string): string {
  const bytes = Buffer.byteLength(text)
  const letters = Buffer.from('x'.repeat(offset) + text).toString('base64')
  return letters.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes) * 8) / 6))
}

/** Every dash that begins a parameter as each of the five. */
function dashed(value: string): string[] {
  const at = value.search(/(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/u)
  if (at < 0) return [value]
  const [before, behind] = [value.slice(0, at), value.slice(at + 1)]
  // What follows is looked at with a word's end before it, so that the rest is found as it stands.
  return dashed(`x${behind}`).flatMap((rest) => ['-', '/', '–', '—', '―'].map((dash) => before + dash + rest.slice(1)))
}

const MANY = Symbol('*')
const ONE = Symbol('?')

function tokens(text: string): (string | symbol)[] {
  const list: (string | symbol)[] = []
  const letters = [...text]
  for (let at = 0; at < letters.length; at++) {
    const c = letters[at]
    const next = letters[at + 1]
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      list.push(next)
      at++
    } else list.push(c === '*' ? MANY : c === '?' ? ONE : c)
  }
  return list
}

/** The classic table of "does the rest match": rows are places in the pattern, columns in the text, by characters. */
function walk(pattern: readonly (string | symbol)[], text: string, cased: boolean): boolean {
  const actual = [...text]
  let row = Array.from({ length: actual.length + 1 }, (_, at) => at === actual.length)
  for (let p = pattern.length - 1; p >= 0; p--) {
    const part = pattern[p]
    const next = new Array<boolean>(actual.length + 1).fill(false)
    for (let t = actual.length; t >= 0; t--) {
      if (part === MANY) next[t] = row[t] || (t < actual.length && next[t + 1])
      else if (t < actual.length)
        next[t] = row[t + 1] && (part === ONE || (cased ? part : lower(part as string)) === actual[t])
    }
    row = next
  }
  return row[0]
}
