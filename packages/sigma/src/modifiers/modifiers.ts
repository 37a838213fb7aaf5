// The modifiers (Sigma specification 2.1, appendix modifiers), each a small unit. Transforming ones change the values, in the order in which they stand; the last word
// on how a value is compared have the comparing ones.
import type { RuleValue } from '../rule.ts'
import { fold, isAscii } from './folding.ts'
import { ANY, mapTexts, type PatternPart, parsePattern, widen } from './sigma-string.ts'
import type { Intermediate, Test, TimePart } from './values.ts'

/** Why a modifier can't be used; the caller knows the place. */
export class ModifierError extends Error {
  readonly code: 'modifier' | 'value' | 'unsupported'
  constructor(message: string, code: ModifierError['code'] = 'modifier') {
    super(message)
    this.name = 'ModifierError'
    this.code = code
  }
}

export interface ModifierContext {
  /** values of placeholders, for `expand` */
  placeholders: ReadonlyMap<string, readonly string[]>
}

/** How the values are compared, gathered while the modifiers are read. */
interface Comparison {
  cased: boolean
  regex?: { flags: Set<string>; fromStart?: true; toEnd?: true }
  cidr?: true
  operator?: 'lt' | 'lte' | 'gt' | 'gte'
  negated?: true
  exists?: true
  fieldref?: 'whole' | 'start' | 'end' | 'within'
  timePart?: TimePart
}

type Transform = (value: Intermediate, context: ModifierContext) => Intermediate[]

const text = (value: Intermediate, name: string): Extract<Intermediate, { kind: 'text' }> => {
  if (value.kind === 'text') return value
  if (value.kind === 'plain' && value.value !== null)
    return { kind: 'text', pattern: [String(value.value)], raw: String(value.value) }
  throw new ModifierError(`${name}: text was expected`, 'value')
}

const textOf = (pattern: readonly PatternPart[], raw: string): Intermediate => ({ kind: 'text', pattern, raw })

/** The bytes of a value: UTF-8 of text, or what an encoding modifier made. */
function bytesOf(value: Intermediate, name: string): string {
  if (value.kind === 'bytes') return value.bytes
  const { pattern } = text(value, name)
  if (pattern.some((part) => typeof part !== 'string'))
    throw new ModifierError(`${name}: wildcards can't be encoded`, 'value')
  return Buffer.from(pattern.join(''), 'utf8').toString('latin1')
}

function utf16(value: Intermediate, name: string, bigEndian: boolean, mark: string): Intermediate {
  const { pattern } = text(value, name)
  if (pattern.some((part) => typeof part !== 'string'))
    throw new ModifierError(`${name}: wildcards can't be encoded`, 'value')
  const buffer = Buffer.from(pattern.join(''), 'utf16le')
  return { kind: 'bytes', bytes: mark + (bigEndian ? buffer.swap16() : buffer).toString('latin1') }
}

/** The dashes that Windows programs take for one another: specification, "windash". */
export const DASHES = ['-', '/', '–', '—', '―'] as const
/** One that begins a parameter: not within a word, as the second one of -param-name. */
const DASH = /\B[-/–—―]\b/g

/** A value with more of them is refused: each is replaced on its own, so that n give 5ⁿ forms. */
const MAX_DASHES = 5

function windash(value: Intermediate): Intermediate[] {
  const { pattern } = text(value, 'windash')
  const found = pattern.flatMap((part) => (typeof part === 'string' ? (part.match(DASH) ?? []) : [])).length
  if (found > MAX_DASHES)
    throw new ModifierError(`windash: ${found} dashes in a value; at most ${MAX_DASHES} are replaced`, 'unsupported')
  return Array.from({ length: DASHES.length ** found }, (_, number) => {
    let left = number
    const next = () => {
      const dash = DASHES[left % DASHES.length]
      left = Math.floor(left / DASHES.length)
      return dash
    }
    return textOf(
      mapTexts(pattern, (part) => part.replace(DASH, next)),
      '',
    )
  })
}

/** The three ways in which bytes can stand in Base64, cut to what does not depend on their neighbours (specification, "base64offset"). */
function base64Offsets(value: Intermediate): Intermediate[] {
  const bytes = bytesOf(value, 'base64offset')
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + bytes, 'latin1').toString('base64')
    const start = [0, 2, 3][offset]
    const end = [undefined, -3, -2][(bytes.length + offset) % 3]
    return textOf([encoded.slice(start, end)], '')
  })
}

/** `%name%` becomes each of its values (specification, "Placeholders"). */
function expand(value: Intermediate, { placeholders }: ModifierContext): Intermediate[] {
  const { raw } = text(value, 'expand')
  // A percent sign behind a backslash is a plain one.
  const parts = raw.split(/(\\%|%[^%\s]+%)/)
  let texts = ['']
  for (const part of parts) {
    const name = /^%([^%\s]+)%$/.exec(part)?.[1]
    const values = name === undefined ? [part === '\\%' ? '%' : part] : placeholders.get(name)
    if (!values) throw new ModifierError(`the placeholder ${part} has no values here`, 'unsupported')
    if (texts.length * values.length > MAX_EXPANSIONS)
      throw new ModifierError(`expand: more than ${MAX_EXPANSIONS} values`, 'unsupported')
    texts = texts.flatMap((one) => values.map((each) => one + each))
  }
  return texts.map((one) => textOf(parsePattern(one), one))
}

/** Values that one value with placeholders may become. */
const MAX_EXPANSIONS = 100_000

const TRANSFORMS: Readonly<Record<string, Transform>> = {
  contains: (value) => {
    const of = text(value, 'contains')
    return [textOf(widen(of.pattern, true, true), of.raw)]
  },
  startswith: (value) => {
    const of = text(value, 'startswith')
    return [textOf(widen(of.pattern, false, true), of.raw)]
  },
  endswith: (value) => {
    const of = text(value, 'endswith')
    return [textOf(widen(of.pattern, true, false), of.raw)]
  },
  windash,
  wide: (value) => [utf16(value, 'wide', false, '')],
  utf16le: (value) => [utf16(value, 'utf16le', false, '')],
  utf16be: (value) => [utf16(value, 'utf16be', true, '')],
  utf16: (value) => [utf16(value, 'utf16', false, '\u00ff\u00fe')],
  base64: (value) => [textOf([Buffer.from(bytesOf(value, 'base64'), 'latin1').toString('base64')], '')],
  base64offset: base64Offsets,
  expand,
}

const FLAGS: Readonly<Record<string, string>> = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' }
const OPERATORS = new Set(['lt', 'lte', 'gt', 'gte'])
const TIME_PARTS = new Set(['minute', 'hour', 'day', 'week', 'month', 'year'])

const COMPARISONS: Readonly<Record<string, (comparison: Comparison) => void>> = {
  cased: (comparison) => {
    comparison.cased = true
  },
  re: (comparison) => {
    comparison.regex = { flags: new Set() }
  },
  cidr: (comparison) => {
    comparison.cidr = true
  },
  neq: (comparison) => {
    comparison.negated = true
  },
  exists: (comparison) => {
    comparison.exists = true
  },
  fieldref: (comparison) => {
    comparison.fieldref = 'whole'
  },
}

export interface ModifiedItem {
  /** by value: the forms that it became (windash, base64offset, expand make several), any of which meets it */
  tests: Test[][]
  /** `neq`: the item is true when no test is */
  negated: boolean
}

/** The tests that the values of a detection item become. Throws ModifierError. `isKeyword`: no field, so text is looked for anywhere. */
export function applyModifiers(
  modifiers: readonly string[],
  values: readonly RuleValue[],
  isKeyword: boolean,
  context: ModifierContext,
): ModifiedItem {
  const comparison: Comparison = { cased: false }
  let forms = values.map((value): Intermediate[] => [
    typeof value === 'string' ? textOf(parsePattern(value), value) : { kind: 'plain', value },
  ])
  modifiers.forEach((modifier, at) => {
    const name = modifier.toLowerCase()
    if (comparison.regex && FLAGS[name]) {
      comparison.regex.flags.add(FLAGS[name])
    } else if (comparison.regex && (name === 'startswith' || name === 'endswith' || name === 'contains')) {
      // A regular expression is found anywhere: contains adds nothing.
      if (name === 'startswith') comparison.regex.fromStart = true
      if (name === 'endswith') comparison.regex.toEnd = true
    } else if (comparison.fieldref && (name === 'startswith' || name === 'endswith' || name === 'contains')) {
      comparison.fieldref = ({ startswith: 'start', endswith: 'end', contains: 'within' } as const)[name]
    } else if (OPERATORS.has(name)) comparison.operator = name as Comparison['operator']
    else if (TIME_PARTS.has(name)) comparison.timePart = name as TimePart
    else if (COMPARISONS[name]) COMPARISONS[name](comparison)
    else if (TRANSFORMS[name]) {
      if (comparison.regex || comparison.cidr || comparison.exists || comparison.operator)
        throw new ModifierError(`${name} can't follow ${modifiers[at - 1]}`)
      forms = forms.map((list) => list.flatMap((value) => TRANSFORMS[name](value, context)))
    } else throw new ModifierError(`there is no modifier "${modifier}"`)
  })
  // `contains|fieldref` says the same as `fieldref|contains`.
  if (comparison.fieldref === 'whole')
    comparison.fieldref = modifiers.includes('startswith')
      ? 'start'
      : modifiers.includes('endswith')
        ? 'end'
        : modifiers.includes('contains')
          ? 'within'
          : 'whole'
  return {
    tests: forms.map((list, at) => list.map((value) => toTest(value, values[at], comparison, isKeyword))),
    negated: comparison.negated === true,
  }
}

function toTest(
  value: Intermediate,
  original: RuleValue | undefined,
  comparison: Comparison,
  isKeyword: boolean,
): Test {
  const raw = value.kind === 'text' ? value.raw : value.kind === 'plain' ? String(value.value) : value.bytes
  if (comparison.exists) {
    if (typeof original !== 'boolean' && !/^(true|false)$/i.test(raw))
      throw new ModifierError('exists takes true or false', 'value')
    return { kind: 'exists', value: /^true$/i.test(raw) }
  }
  if (comparison.regex) {
    const { flags, fromStart, toEnd } = comparison.regex
    const source = fromStart || toEnd ? `${fromStart ? '^' : ''}(?:${raw})${toEnd ? '$' : ''}` : raw
    return { kind: 'regex', source, flags: [...flags].sort().join('') }
  }
  if (comparison.cidr) return { kind: 'cidr', network: checkNetwork(raw) }
  if (comparison.fieldref)
    return {
      kind: 'fieldref',
      field: raw.replace(/^\*|\*$/g, ''),
      at: comparison.fieldref,
      ...(comparison.cased && { cased: true }),
    }
  if (comparison.timePart)
    return {
      kind: 'time-part',
      part: comparison.timePart,
      operator: comparison.operator ?? 'eq',
      value: toNumber(raw, comparison.timePart),
    }
  if (comparison.operator)
    return { kind: 'compare', operator: comparison.operator, value: toNumber(raw, comparison.operator) }
  if (value.kind === 'plain' && value.value === null) return { kind: 'null' }
  const pattern = value.kind === 'text' ? value.pattern : [raw]
  // A keyword stands anywhere in a value.
  const wide = isKeyword ? widen(pattern, true, true) : pattern
  return comparison.cased
    ? { kind: 'pattern', pattern: wide, cased: true }
    : { kind: 'pattern', pattern: mapTexts(wide, fold) }
}

function toNumber(raw: string, name: string): number {
  const number = Number(raw)
  if (raw.trim() === '' || Number.isNaN(number)) throw new ModifierError(`${name}: "${raw}" is no number`, 'value')
  return number
}

function checkNetwork(raw: string): string {
  if (!parseNetwork(raw)) throw new ModifierError(`cidr: "${raw}" is no network (10.0.0.0/8, fe80::/10)`, 'value')
  return raw
}

export interface Network {
  /** 4 or 16 bytes */
  bytes: Uint8Array
  prefix: number
}

export function parseNetwork(text: string): Network | undefined {
  const match = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text.trim())
  const bytes = match ? parseIp(match[1]) : undefined
  if (!match || !bytes) return undefined
  const prefix = match[2] === undefined ? bytes.length * 8 : Number(match[2])
  return prefix <= bytes.length * 8 ? { bytes, prefix } : undefined
}

/** An address as 4 or 16 bytes; `::ffff:10.0.0.1` is the IPv4 address. */
export function parseIp(text: string): Uint8Array | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (v4) {
    const bytes = v4.slice(1).map(Number)
    return bytes.every((one) => one < 256) ? Uint8Array.from(bytes) : undefined
  }
  if (!text.includes(':') || text.length > 45) return undefined
  const mapped = /^(.*:)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.exec(text)
  let plain = text
  if (mapped) {
    const tail = parseIp(mapped[2])
    if (!tail) return undefined
    plain = `${mapped[1]}${((tail[0] << 8) | tail[1]).toString(16)}:${((tail[2] << 8) | tail[3]).toString(16)}`
  }
  const halves = plain.split('::')
  if (halves.length > 2) return undefined
  const groups = (half: string) => (half === '' ? [] : half.split(':'))
  const [before, behind] = [groups(halves[0]), halves.length === 2 ? groups(halves[1]) : []]
  const missing = 8 - before.length - behind.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...before, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => '0'), ...behind]
  if (!all.every((one) => /^[0-9A-Fa-f]{1,4}$/.test(one))) return undefined
  const bytes = Uint8Array.from(all.flatMap((one) => [Number.parseInt(one, 16) >> 8, Number.parseInt(one, 16) & 255]))
  const isMapped = bytes.subarray(0, 10).every((one) => one === 0) && bytes[10] === 255 && bytes[11] === 255
  return isMapped ? bytes.slice(12) : bytes
}

export function isInNetwork(address: Uint8Array, { bytes, prefix }: Network): boolean {
  if (address.length !== bytes.length) return false
  const whole = prefix >> 3
  for (let at = 0; at < whole; at++) if (address[at] !== bytes[at]) return false
  const rest = prefix & 7
  return rest === 0 || (address[whole] ^ bytes[whole]) >> (8 - rest) === 0
}

export { ANY, isAscii }
